import {
  AUDIT_DAYS,
  auditDays,
  egressAllow,
  RETENTION_DAYS,
  retentionDays,
} from '../../nodes/api/settings.ts'
import { AddressRules } from '../egress/address-rules.ts'
import type { Database } from '../store/database.ts'

/** What was given at the start, by the command line or the environment. */
export interface GivenSettings {
  publicUrl?: string | undefined
  egressAllow?: readonly string[] | undefined
}

/** Settings of the server as a whole, kept in the data folder; what was given at the start weighs more. */
export class ServerSettings {
  readonly #database: Database
  readonly #given: GivenSettings
  readonly #listeners = new Set<() => void>()
  #publicUrl: string | undefined
  #egressAllow: readonly string[]
  #egressRules: AddressRules

  constructor(database: Database, given: GivenSettings) {
    this.#database = database
    this.#given = given
    this.#publicUrl = this.#read('publicUrl') as string | undefined
    this.#egressAllow = egressAllow.parse(this.#read('egressAllow') ?? [])
    this.#egressRules = new AddressRules(this.egressAllow)
  }

  /** Where the internet reaches this server, without a slash at the end. */
  get publicUrl(): string | undefined {
    return this.#given.publicUrl === undefined ? this.#publicUrl : withoutSlash(this.#given.publicUrl)
  }

  /** True where the page cannot change the public address. */
  get isPublicUrlGiven(): boolean {
    return this.#given.publicUrl !== undefined
  }

  setPublicUrl(url: string | null): void {
    this.#publicUrl = url === null ? undefined : withoutSlash(url)
    this.#write('publicUrl', this.#publicUrl)
  }

  /** Hosts, addresses and CIDR blocks beside the public internet that HTTP requests of graphs may reach. */
  get egressAllow(): readonly string[] {
    return this.#given.egressAllow ?? this.#egressAllow
  }

  get isEgressAllowGiven(): boolean {
    return this.#given.egressAllow !== undefined
  }

  /** The same as a rule for single addresses. */
  get egressRules(): AddressRules {
    return this.#egressRules
  }

  setEgressAllow(entries: readonly string[]): void {
    this.#egressAllow = entries
    this.#write('egressAllow', entries)
    this.#egressRules = new AddressRules(this.egressAllow)
    for (const listener of this.#listeners) listener()
  }

  /** Days that ended runs are kept; null: for ever. */
  get retentionDays(): number | null {
    const days = this.#read('retentionDays')
    return days === undefined ? RETENTION_DAYS : retentionDays.nullable().parse(days)
  }

  setRetentionDays(days: number | null): void {
    this.#write('retentionDays', days)
  }

  /** Days that entries of the audit log are kept; null: for ever. */
  get auditDays(): number | null {
    const days = this.#read('auditDays')
    return days === undefined ? AUDIT_DAYS : auditDays.nullable().parse(days)
  }

  setAuditDays(days: number | null): void {
    this.#write('auditDays', days)
  }

  /** Tells when other addresses may be reached. */
  onEgressChange(listener: () => void): void {
    this.#listeners.add(listener)
  }

  #read(name: string): unknown {
    const row = this.#database.prepare('SELECT value FROM settings WHERE name = ?').get(name)
    return row && JSON.parse(row['value'] as string)
  }

  #write(name: string, value: unknown): void {
    if (value === undefined) {
      this.#database.prepare('DELETE FROM settings WHERE name = ?').run(name)
    } else {
      this.#database
        .prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)')
        .run(name, JSON.stringify(value))
    }
  }
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
