import type { Account } from '../../nodes/api/accounts.ts'
import type { AccountRole } from '../../nodes/api/rights.ts'
import { accountRoles } from '../../nodes/api/rights.ts'
import type { Member } from '../../nodes/directory/schema.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { maskPhone } from '../../nodes/messages.ts'
import type { MemberStore } from '../directory/member-store.ts'
import type { Passkeys } from '../login/passkeys.ts'
import type { Passwords } from '../login/passwords.ts'
import type { SecondFactors } from '../login/second-factors.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'
import { ApiTokens } from './api-tokens.ts'
import type { Sessions } from './sessions.ts'

export interface AccountDependencies {
  database: Database
  members: MemberStore
  sessions: Sessions
  passwords: Pick<Passwords, 'find' | 'members'>
  secondFactors: Pick<SecondFactors, 'find'>
  passkeys: Pick<Passkeys, 'list' | 'members'>
  surroundings: Surroundings
}

/** What each member may do here. Whoever has no role of their own is a `member`: the own inbox and account alone. */
export class Accounts {
  readonly #members: MemberStore
  readonly sessions: Sessions
  readonly #passwords: AccountDependencies['passwords']
  readonly #passkeys: AccountDependencies['passkeys']
  readonly #secondFactors: AccountDependencies['secondFactors']
  /** Of programs. */
  readonly apiTokens: ApiTokens
  readonly #surroundings: Surroundings
  readonly #roles: Map<string, AccountRole>
  readonly #statements: ReturnType<typeof prepare>

  constructor({
    database,
    members,
    sessions,
    passwords,
    secondFactors,
    passkeys,
    surroundings,
  }: AccountDependencies) {
    this.#members = members
    this.sessions = sessions
    this.#passwords = passwords
    this.#secondFactors = secondFactors
    this.#passkeys = passkeys
    this.#surroundings = surroundings
    this.apiTokens = new ApiTokens(database, surroundings, (member) => members.byIds([member])[0]?.name)
    this.#statements = prepare(database)
    const rows = this.#statements.all.all() as unknown as { member: string; role: string }[]
    this.#roles = new Map(rows.map(({ member, role }) => [member, known(role)]))
  }

  /** What a signed-in member may do at this moment; undefined: not there any more, or resigned. */
  roleOf(member: string): AccountRole | undefined {
    return this.#inService(member) && (this.#roles.get(member) ?? 'member')
  }

  /** Members with a role of their own, those who are signed in, and those with a password or passkey, by name. */
  list(): Account[] {
    const ids = new Set([
      ...this.#roles.keys(),
      ...this.sessions.members(),
      ...this.#passwords.members(),
      ...this.#passkeys.members(),
    ])
    return this.#members
      .byIds([...ids])
      .map((member) => this.#describe(member))
      .sort((one, other) => one.name.localeCompare(other.name))
  }

  /** Those who are signed in see the change with their next request. @throws FlowError `NOT_FOUND` */
  setRole(id: string, role: AccountRole): Account {
    const member = this.#inService(id)
    if (!member) {
      throw new FlowError(ErrorCode.NotFound, 'There is no such member in service', {
        hint: 'Choose a member of the directory.',
      })
    }
    if (role === 'member') {
      this.#statements.delete.run(id)
      this.#roles.delete(id)
    } else {
      this.#statements.put.run(id, role, this.#surroundings.now().toISOString())
      this.#roles.set(id, role)
    }
    return this.#describe(member)
  }

  #describe({ id, name, phone }: Member): Account {
    return {
      member: id,
      name,
      role: this.#roles.get(id) ?? 'member',
      phone: maskPhone(phone),
      sessions: this.sessions.of(id).length,
      hasPassword: this.#passwords.find(id) !== undefined,
      passkeys: this.#passkeys.list(id).length,
      hasSecondFactor: this.#secondFactors.find(id) !== undefined,
    }
  }

  #inService(id: string): Member | undefined {
    return this.#members.byIds([id]).find(({ status }) => status === 'in-service')
  }
}

/** A role that a newer version knows grants nothing here. */
function known(role: string): AccountRole {
  return accountRoles.find((each) => each === role) ?? 'member'
}

function prepare(database: Database) {
  return {
    all: database.prepare('SELECT member, role FROM account_roles'),
    put: database.prepare('INSERT OR REPLACE INTO account_roles (member, role, updated) VALUES (?, ?, ?)'),
    delete: database.prepare('DELETE FROM account_roles WHERE member = ?'),
  }
}
