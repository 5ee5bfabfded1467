import type { SQLInputValue, StatementSync } from 'node:sqlite'
import { deliveryStates, messageStates } from '../../nodes/messages.ts'
import type { DeliveryState, MessageState } from '../../nodes/messages.ts'
import type { Row } from '../ledger/sqlite-rows.ts'
import { choosePath } from './message-path.ts'
import type { MessageSearch } from './message-search.ts'

/** Something to prepare statements with: the store itself, or a connection that only reads it. */
export interface Connection {
  prepare(sql: string): StatementSync
}

/** The id of a message. Messages are ordered by it: that is by the begin of their run, then by their place in it. */
export interface MessageKey {
  runId: string
  number: number
}

type Values = Record<string, SQLInputValue>

/** A search made into statements over slices of its path, each small enough to be looked through in milliseconds. */
export class MessageWalk {
  readonly #search: MessageSearch
  readonly #pathValues: Values
  readonly #filterValues: Values
  readonly #edge: StatementSync
  readonly #rows: StatementSync
  readonly #counts: StatementSync

  constructor(connection: Connection, search: MessageSearch) {
    const path = choosePath(search)
    const isAlongFunction = path.where.includes('$function')
    const conditions = filterConditions(search, isAlongFunction)
    const slice = `${path.where}
      AND (m.run_id, m.number) < ($beforeRun, $before) AND (m.run_id, m.number) >= ($lastRun, $last)`
    const where = [slice, ...conditions.map(({ sql }) => sql)].join(' AND ')
    const order = `ORDER BY ${path.run} DESC, m.number DESC`

    this.#search = search
    this.#pathValues = isAlongFunction ? { $function: search.functionName! } : {}
    this.#filterValues = Object.fromEntries(conditions.flatMap(({ values }) => Object.entries(values)))
    this.#edge = connection.prepare(
      `SELECT m.run_id, m.number FROM ${path.from} WHERE ${slice} ${order} LIMIT 1 OFFSET $offset`,
    )
    this.#rows = connection.prepare(`
      SELECT m.*, r.function_name FROM ${path.from} CROSS JOIN run r ON r.id = m.run_id
      WHERE ${where} ${order} LIMIT $limit`)
    this.#counts = connection.prepare(`SELECT ${countColumns} FROM ${path.from} WHERE ${where}`)
  }

  /** Behind the newest message that may be meant. */
  get start(): MessageKey {
    return { runId: this.#search.toRun, number: 0 }
  }

  /** The last message of the slice of this size that begins below `before`. */
  sliceEnd(before: MessageKey, size: number): { last: MessageKey; isEnd: boolean } {
    const end = { runId: this.#search.fromRun, number: 0 }
    const row = this.#edge.get({ ...this.#pathValues, ...rangeValues(before, end), $offset: size - 1 })
    if (!row) return { last: end, isEnd: true }
    return { last: { runId: row['run_id'] as string, number: row['number'] as number }, isEnd: false }
  }

  rows(before: MessageKey, last: MessageKey, limit: number): Row[] {
    return this.#rows.all({ ...this.#slice(before, last), $limit: limit })
  }

  /** How many messages of the slice are in each state, and how many receipts told of. */
  counts(before: MessageKey, last: MessageKey): Record<MessageState | DeliveryState, number> {
    return this.#counts.get(this.#slice(before, last)) as Record<MessageState | DeliveryState, number>
  }

  #slice(before: MessageKey, last: MessageKey): Values {
    return { ...this.#pathValues, ...this.#filterValues, ...rangeValues(before, last) }
  }
}

/** Faster than GROUP BY, which sorts. */
const countColumns = [
  ...messageStates.map((state) => `count(*) FILTER (WHERE m.state = '${state}') AS "${state}"`),
  ...deliveryStates.map((state) => `count(*) FILTER (WHERE m.delivery = '${state}') AS "${state}"`),
].join(', ')

function rangeValues(before: MessageKey, last: MessageKey): Values {
  return { $beforeRun: before.runId, $before: before.number, $lastRun: last.runId, $last: last.number }
}

interface Condition {
  sql: string
  values: Values
}

function filterConditions(search: MessageSearch, isAlongFunction: boolean): Condition[] {
  const { states, delivery, serviceId, phone, person, functionName } = search
  const conditions: (Condition | false)[] = [
    states !== undefined && {
      sql: 'm.state IN (SELECT value FROM json_each($states))',
      values: { $states: JSON.stringify(states) },
    },
    delivery !== undefined && {
      sql: 'm.delivery IN (SELECT value FROM json_each($delivery))',
      values: { $delivery: JSON.stringify(delivery) },
    },
    serviceId !== undefined && { sql: 'm.service_id = $service', values: { $service: serviceId } },
    phone !== undefined && { sql: 'm.phone = $phone', values: { $phone: phone } },
    person !== undefined && {
      sql: "(m.member_id = $person OR m.name LIKE $name ESCAPE '\\')",
      values: { $person: person, $name: `%${person.replace(/[\\%_]/g, '\\$&')}%` },
    },
    functionName !== undefined &&
      !isAlongFunction && {
        sql: `EXISTS (SELECT 1 FROM run INDEXED BY run_by_function WHERE function_name = $function AND id = m.run_id)`,
        values: { $function: functionName },
      },
  ]
  return conditions.filter((each) => each !== false)
}
