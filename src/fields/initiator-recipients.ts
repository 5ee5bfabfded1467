import { INITIATOR } from '../../nodes/approval/process.ts'
import type { Recipient } from '../../nodes/directory/schema.ts'

/** 0: who initiated the request. From 1 on: the supervisor of that level, 1 is the next one above. */
export const initiatorLevels = [0, 1, 2, 3, 4, 5] as const

export function initiatorRecipient(level: number): Recipient {
  return level === 0
    ? { kind: 'value', value: { kind: 'variable', path: INITIATOR } }
    : { kind: 'value', value: { kind: 'formula', source: `SUPERVISORS(${INITIATOR}, ${level})` } }
}

/** The level of a recipient that `initiatorRecipient` made; undefined: another recipient. */
export function initiatorLevelOf(recipient: Recipient): number | undefined {
  if (recipient.kind !== 'value') return undefined
  const { value } = recipient
  if (value.kind === 'variable') return value.path === INITIATOR ? 0 : undefined
  const level = value.kind === 'formula' ? supervisors.exec(value.source)?.[1] : undefined
  return level === undefined ? undefined : Number(level)
}

const supervisors = new RegExp(`^\\s*SUPERVISORS\\(\\s*${INITIATOR}\\s*,\\s*([1-5])\\s*\\)\\s*$`, 'i')
