import { z } from 'zod'
import { recipient } from './schema.ts'

/** Whom a step is about. */
export const recipientsParam = z.array(recipient).min(1).max(1_000).meta({ control: 'recipients' })

/** How many people a step may find before it fails. @param most what its author may allow at the very most */
export function maxRecipientsParam(most: number) {
  return z.int().min(1).max(most).default(1_000).meta({ control: 'number', placeholder: '1000' })
}
