import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { ErrorCode, FieldsError, FlowError } from '../../nodes/errors.ts'
import { triggerSettings } from '../../nodes/triggers/settings.ts'
import type { SettingsOf, TriggerSettings } from '../../nodes/triggers/settings.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Database } from '../store/database.ts'
import type { Surroundings } from '../surroundings.ts'

/** A trigger as it is stored. */
export interface StoredTrigger<S extends TriggerSettings = TriggerSettings> {
  id: string
  functionName: string
  isOn: boolean
  settings: S
  /** HTTP: SHA-256 of its key, or its encrypted secret. */
  proof: string | null
  proofEnding: string | null
  /** Schedule: the time up to which nothing is owed. */
  handled: number | null
  next: number | null
  updated: string
}

export type TriggerOf<K extends TriggerSettings['kind']> = StoredTrigger<SettingsOf<K>>

/** The triggers of a data folder. */
export class TriggerStore {
  readonly #vault: Vault
  readonly #surroundings: Surroundings
  readonly #statements: ReturnType<typeof prepare>
  /** Functions whose runs some trigger waits for: asked at the end of every run. */
  #watched: ReadonlySet<string>

  constructor(database: Database, vault: Vault, surroundings: Surroundings) {
    this.#vault = vault
    this.#surroundings = surroundings
    this.#statements = prepare(database)
    this.#watched = this.#readWatched()
  }

  /** True where the end of a run of this function sets off a trigger. */
  isWatched(functionName: string): boolean {
    return this.#watched.has(functionName)
  }

  of(functionName: string): StoredTrigger[] {
    return this.#statements.ofFunction.all(functionName).map(read)
  }

  find(id: string): StoredTrigger | undefined {
    const row = this.#statements.byId.get(id)
    return row && read(row)
  }

  /** @throws FlowError `NOT_FOUND` */
  get(id: string): StoredTrigger {
    const found = this.find(id)
    if (found) return found
    throw new FlowError(ErrorCode.NotFound, 'There is no such trigger', {
      hint: 'It may have been deleted. Look at the triggers of the function.',
    })
  }

  /** Those that are switched on, of one kind and topic. */
  on<K extends 'hook' | 'event' | 'after-function'>(kind: K, topic: string): TriggerOf<K>[] {
    return this.#statements.on.all(kind, topic).map(read) as TriggerOf<K>[]
  }

  /** Schedules that are due. */
  due(now: number): TriggerOf<'schedule'>[] {
    return this.#statements.due.all(now).map(read) as TriggerOf<'schedule'>[]
  }

  schedules(): TriggerOf<'schedule'>[] {
    return this.#statements.schedules.all().map(read) as TriggerOf<'schedule'>[]
  }

  /** When the first schedule is due. */
  nextDue(): number | null {
    return (this.#statements.nextDue.get() as { next: number | null }).next
  }

  /** Makes a trigger that is off. @throws FieldsError where its path is taken */
  create(functionName: string, settings: TriggerSettings): StoredTrigger {
    this.#refuseTakenPath(settings)
    const id = this.#surroundings.newId()
    this.#statements.insert.run(
      id,
      functionName,
      settings.kind,
      topicOf(settings),
      JSON.stringify(settings),
      this.#now(),
    )
    return this.get(id)
  }

  /** @throws FlowError `NOT_FOUND`, FieldsError where its path is taken or its kind is another */
  update(id: string, settings: TriggerSettings): StoredTrigger {
    const former = this.get(id).settings
    if (former.kind !== settings.kind) {
      throw refused('kind', 'A trigger keeps its kind: make another one', 'triggerKind')
    }
    this.#refuseTakenPath(settings, id)
    this.#statements.update.run(topicOf(settings), JSON.stringify(settings), this.#now(), id)
    const changesProof = former.kind === 'hook' && settings.kind === 'hook' && former.proof !== settings.proof
    if (changesProof) this.#statements.prove.run(null, null, id)
    this.#watched = this.#readWatched()
    return this.get(id)
  }

  /** @param times of a schedule: up to when nothing is owed, and when it is due next */
  switch(id: string, isOn: boolean, times: { handled: number; next: number | null } | null): StoredTrigger {
    this.get(id)
    this.#statements.switch.run(isOn ? 1 : 0, times?.handled ?? null, times?.next ?? null, id)
    this.#watched = this.#readWatched()
    return this.get(id)
  }

  /** @throws FlowError `NOT_FOUND` */
  delete(id: string): void {
    this.get(id)
    this.#statements.delete.run(id)
    this.#watched = this.#readWatched()
  }

  /** Makes the key or the secret of an HTTP trigger; a former one is of no use any more. @returns it, this once */
  makeProof({ id, settings }: TriggerOf<'hook'>): string {
    const prefix = settings.proof === 'key' ? 'hook' : 'hmac'
    const secret = `${prefix}_${randomBytes(32).toString('base64url')}`
    const proof = settings.proof === 'key' ? hash('sha256', secret) : this.#vault.seal(secret, placeOf(id))
    this.#statements.prove.run(proof, secret.slice(-4), id)
    return secret
  }

  /** Says whether a key is the one of a trigger, in the same time for every wrong one. */
  acceptsKey({ proof }: TriggerOf<'hook'>, key: string): boolean {
    return proof !== null && timingSafeEqual(Buffer.from(hash('sha256', key)), Buffer.from(proof))
  }

  /** Says whether a text was signed with the secret of a trigger, in the same time for every wrong signature. */
  acceptsSignature({ id, proof }: TriggerOf<'hook'>, signed: Buffer, signature: Buffer): boolean {
    if (proof === null) return false
    const right = createHmac('sha256', this.#vault.open(proof, placeOf(id)))
      .update(signed)
      .digest()
    return signature.length === right.length && timingSafeEqual(signature, right)
  }

  #refuseTakenPath(settings: TriggerSettings, id?: string): void {
    if (settings.kind !== 'hook') return
    const holder = this.#statements.byPath.get(settings.path) as { id: string } | undefined
    if (!holder || holder.id === id) return
    throw refused('path', 'Another trigger has this path', 'duplicate')
  }

  #readWatched(): ReadonlySet<string> {
    return new Set(this.#statements.watched.all().map((row) => row['topic'] as string))
  }

  #now(): string {
    return this.#surroundings.now().toISOString()
  }
}

export function refused(path: string, message: string, key: string): FieldsError {
  return new FieldsError(ErrorCode.BodyInvalid, message, [{ path: `settings/${path}`, message, key }])
}

/** Bound to its trigger: in another row it cannot be opened. */
function placeOf(id: string) {
  return { service: 'triggers', field: id, endpoint: '' }
}

function topicOf(settings: TriggerSettings): string {
  switch (settings.kind) {
    case 'hook':
      return settings.path
    case 'schedule':
      return ''
    case 'event':
      return settings.event
    case 'after-function':
      return settings.after
  }
}

function read(row: Record<string, unknown>): StoredTrigger {
  return {
    id: row['id'] as string,
    functionName: row['function'] as string,
    isOn: row['is_on'] === 1,
    settings: triggerSettings.parse(JSON.parse(row['settings'] as string)),
    proof: row['proof'] as string | null,
    proofEnding: row['proof_ending'] as string | null,
    handled: row['handled'] as number | null,
    next: row['next_at'] as number | null,
    updated: row['updated'] as string,
  }
}

function prepare(database: Database) {
  return {
    byId: database.prepare('SELECT * FROM triggers WHERE id = ?'),
    byPath: database.prepare("SELECT id FROM triggers WHERE kind = 'hook' AND topic = ?"),
    ofFunction: database.prepare('SELECT * FROM triggers WHERE function = ? ORDER BY id'),
    on: database.prepare('SELECT * FROM triggers WHERE kind = ? AND topic = ? AND is_on = 1 ORDER BY id'),
    watched: database.prepare("SELECT topic FROM triggers WHERE kind = 'after-function' AND is_on = 1"),
    due: database.prepare('SELECT * FROM triggers WHERE next_at <= ? ORDER BY next_at, id'),
    schedules: database.prepare("SELECT * FROM triggers WHERE kind = 'schedule' AND is_on = 1 ORDER BY id"),
    nextDue: database.prepare('SELECT min(next_at) AS next FROM triggers WHERE next_at IS NOT NULL'),
    insert: database.prepare(
      'INSERT INTO triggers (id, function, kind, topic, settings, updated) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    update: database.prepare('UPDATE triggers SET topic = ?, settings = ?, updated = ? WHERE id = ?'),
    switch: database.prepare('UPDATE triggers SET is_on = ?, handled = ?, next_at = ? WHERE id = ?'),
    prove: database.prepare('UPDATE triggers SET proof = ?, proof_ending = ? WHERE id = ?'),
    delete: database.prepare('DELETE FROM triggers WHERE id = ?'),
  }
}
