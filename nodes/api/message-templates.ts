import { z } from 'zod'
import { templateContent } from '../message-templates/schema.ts'

export const createMessageTemplate = templateContent

/** `revision` is the one that was loaded; a newer one on the server refuses the change with 409. */
export const updateMessageTemplate = templateContent.safeExtend({ revision: z.int() })
