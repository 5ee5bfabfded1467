import type { z } from 'zod'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import { mobileLoginSettings } from '../../nodes/login/mobile-login.ts'
import type { LoginMethod, MobileLoginSettings } from '../../nodes/login/mobile-login.ts'
import { smsProviders } from '../../nodes/services/sms/settings.ts'
import type { SmsServiceSummary } from '../../nodes/services/sms/settings.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'

type WriteMethod = z.output<typeof mobileLoginSettings>

/** The login methods of a data folder. */
export class LoginMethods {
  readonly #database: Database
  readonly #service: (id: string) => SmsServiceSummary | undefined
  readonly #surroundings: Surroundings
  readonly #statements: ReturnType<typeof prepare>

  constructor(
    database: Database,
    service: (id: string) => SmsServiceSummary | undefined,
    surroundings: Surroundings,
  ) {
    this.#database = database
    this.#service = service
    this.#surroundings = surroundings
    this.#statements = prepare(database)
  }

  /** By name. */
  list(): LoginMethod[] {
    return (this.#statements.list.all() as unknown as MethodRow[]).map(read)
  }

  find(id: string): LoginMethod | undefined {
    const row = this.#statements.get.get(id) as unknown as MethodRow | undefined
    return row && read(row)
  }

  /** @throws FlowError `NOT_FOUND` */
  get(id: string): LoginMethod {
    const found = this.find(id)
    if (found) return found
    throw new FlowError(ErrorCode.NotFound, 'There is no such login method', {
      hint: 'It may have been deleted. Choose another one.',
    })
  }

  /** @throws FieldsError `BODY_INVALID` where the name is taken, or the service and the words do not go together */
  create(settings: WriteMethod): LoginMethod {
    const id = this.#surroundings.newId()
    this.#database.transaction(() => {
      this.#check(settings, id)
      this.#statements.insert.run(id, settings.name, JSON.stringify(settings), this.#now())
    })
    return this.get(id)
  }

  /** @throws FlowError `NOT_FOUND`, `CONFLICT` where somebody changed it in between; FieldsError as `create` */
  update(id: string, { revision, ...settings }: WriteMethod & { revision: number }): LoginMethod {
    this.#database.transaction(() => {
      const current = this.get(id)
      if (current.revision !== revision) throw changedInBetween(current)
      this.#check(settings, id)
      this.#statements.update.run(settings.name, JSON.stringify(settings), this.#now(), id)
    })
    return this.get(id)
  }

  /** Nobody gets in by it any more. @throws FlowError `NOT_FOUND` */
  delete(id: string): void {
    this.get(id)
    this.#statements.delete.run(id)
  }

  #check(settings: MobileLoginSettings, id: string): void {
    if (this.#statements.sameName.get(settings.name, id)) {
      throw refusal('name', 'duplicate', 'This name is taken')
    }
    const service = this.#service(settings.service)
    if (!service) throw refusal('service', 'serviceMissing', 'There is no such SMS service')
    const isCode = smsProviders[service.provider].template === 'code'
    if (isCode && !settings.templateCode) {
      throw refusal('templateCode', 'required', 'This service sends approved templates: give the code of one')
    }
    if (!isCode && !settings.templateText) {
      throw refusal('templateText', 'codeText', 'Write a text with ${code} in it')
    }
  }

  #now(): string {
    return this.#surroundings.now().toISOString()
  }
}

interface MethodRow {
  id: string
  revision: number
  settings: string
  updated: string
}

function prepare(database: Database) {
  return {
    list: database.prepare('SELECT * FROM login_methods ORDER BY name COLLATE NOCASE, id'),
    get: database.prepare('SELECT * FROM login_methods WHERE id = ?'),
    sameName: database.prepare('SELECT 1 FROM login_methods WHERE name = ? COLLATE NOCASE AND id <> ?'),
    insert: database.prepare(
      'INSERT INTO login_methods (id, name, revision, settings, updated) VALUES (?, ?, 1, ?, ?)',
    ),
    update: database.prepare(
      'UPDATE login_methods SET name = ?, settings = ?, updated = ?, revision = revision + 1 WHERE id = ?',
    ),
    delete: database.prepare('DELETE FROM login_methods WHERE id = ?'),
  }
}

function read({ id, revision, settings, updated }: MethodRow): LoginMethod {
  return { ...mobileLoginSettings.parse(JSON.parse(settings)), id, revision, updated }
}

function refusal(path: string, key: string, message: string): FieldsError {
  return new FieldsError(ErrorCode.BodyInvalid, 'Some fields are missing or wrong', [{ path, key, message }])
}

function changedInBetween({ name, revision }: LoginMethod): FlowError {
  return new FlowError(ErrorCode.Conflict, `"${name}" was changed by somebody else in between`, {
    hint: 'Load the login method again and repeat the change.',
    params: { name, revision },
  })
}
