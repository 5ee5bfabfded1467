import type { FastifyRequest } from 'fastify'
import type { OwnAccount } from '../../nodes/api/accounts.ts'
import { maskPhone } from '../../nodes/messages.ts'
import type { Runtime } from '../runtime.ts'

/** Who asks, as the page shows it. */
export function describeAccount(
  { accounts, directory }: Pick<Runtime, 'accounts' | 'directory'>,
  { member: id }: FastifyRequest,
): OwnAccount {
  const member = id === null ? undefined : directory.memberStore.byIds([id])[0]
  return {
    role: id === null ? 'administrator' : (accounts.roleOf(id) ?? 'member'),
    member: member ? { member: member.id, name: member.name } : null,
    phone: member ? maskPhone(member.phone) : '',
  }
}
