import { DatabaseSync } from 'node:sqlite'
import type { StatementSync } from 'node:sqlite'

/** What a power cut at this moment would leave of the store: an onlooker whose view moves on with each fsync. */
export class DurableStore {
  readonly #file: string
  readonly #spare: View[] = []
  readonly #all: View[] = []
  #current: View | undefined

  constructor(file: string) {
    this.#file = file
  }

  /** From now on everything that is committed counts as safe. */
  moveOn(): void {
    this.prepareToMoveOn()()
  }

  /** Holds on to what is committed now; the answer makes it the view, unless that is further already. */
  prepareToMoveOn(): () => void {
    const view = this.#spare.pop() ?? this.#newView()
    const number = view.take()
    return () => {
      if (this.#current && this.#current.number > number) {
        this.#free(view)
        return
      }
      if (this.#current) this.#free(this.#current)
      this.#current = view
    }
  }

  get<T>(sql: string, ...parameters: (string | number)[]): T | undefined {
    return this.#current!.prepare(sql).get(...parameters) as T | undefined
  }

  all<T>(sql: string, ...parameters: (string | number)[]): T[] {
    return this.#current!.prepare(sql).all(...parameters) as T[]
  }

  close(): void {
    for (const view of this.#all) view.close()
    this.#current = undefined
  }

  /** False once the store is being closed. */
  get canBeRead(): boolean {
    return this.#current !== undefined
  }

  #newView(): View {
    const view = new View(this.#file)
    this.#all.push(view)
    return view
  }

  #free(view: View): void {
    view.release()
    this.#spare.push(view)
  }
}

let views = 0

/** A connection that holds one state of the store while others write. */
class View {
  number = 0
  readonly #connection: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(file: string) {
    this.#connection = new DatabaseSync(file, { readOnly: true })
  }

  take(): number {
    this.#connection.exec('BEGIN')
    this.prepare('SELECT count(*) FROM sqlite_schema').get()
    this.number = ++views
    return this.number
  }

  release(): void {
    this.#connection.exec('ROLLBACK')
  }

  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#connection.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  close(): void {
    this.#connection.close()
  }
}
