import type { Member, SkipReason } from '../../nodes/directory/schema.ts'

const e164 = /^\+[1-9]\d{6,14}$/

/** Why a member cannot be texted, if so. */
export function memberProblem(member: Pick<Member, 'phone' | 'status'>): SkipReason | null {
  if (member.status === 'resigned') return 'resigned'
  if (member.phone === '') return 'no-phone'
  return e164.test(member.phone) ? null : 'invalid-phone'
}
