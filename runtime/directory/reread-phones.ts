import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LocalDirectory } from './local-directory.ts'
import type { MemberStore } from './member-store.ts'
import { readPhone } from './phone.ts'

const AT_ONCE = 200

/** Reads the numbers without country code again that could not be read before, some at a time. */
export async function rereadPhones(
  members: MemberStore,
  inTransaction: LocalDirectory['inTransaction'],
  country: string,
): Promise<void> {
  for (let last = ''; ; await nextTurn()) {
    const unread = members.unreadAfter(last, AT_ONCE)
    if (unread.length === 0) return
    last = unread.at(-1)!.id
    inTransaction(() => {
      for (const member of unread) {
        const read = readPhone(member.phone, country)
        if (read.phoneProblem !== member.phoneProblem) members.put({ ...member, ...read })
      }
    })
  }
}
