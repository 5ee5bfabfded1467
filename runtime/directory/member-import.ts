import { setTimeout as sleep } from 'node:timers/promises'
import type { Department } from '../../nodes/directory/schema.ts'
import { FlowError } from '../../nodes/errors.ts'
import type { Database } from '../store/database.ts'
import type { ImportPlan, PlannedMember } from './plan-import.ts'
import { TimeSlices } from './time-slices.ts'

/** An import of this many rows is written in one go, in a few milliseconds. */
const AT_ONCE = 300
const TRY_AGAIN_MS = 1_000

/** One thing that an import writes. */
export type ImportRow =
  { department: Department } | { organisationRole: ImportPlan['organisationRoles'][number] } | PlannedMember

/**
 * Writes an import whole or not at all without holding up everybody else: a long one is first put down beside the
 * directory. Once all of it is on disk it counts as done; it is then taken over a piece at a time, and a process
 * that dies meanwhile goes on at its next start.
 */
export class MemberImport {
  readonly #database: Database
  readonly #write: (row: ImportRow) => void
  readonly #statements: ReturnType<typeof prepare>

  /** @param write takes over one row; part of the caller's transaction */
  constructor(database: Database, write: (row: ImportRow) => void) {
    this.#database = database
    this.#write = write
    this.#statements = prepare(database)
    if (this.#statements.isComplete.get()) database.transaction(() => this.#takeOver(() => false))
    else this.#statements.clear.run()
  }

  static isShort({ departments, organisationRoles, members }: ImportPlan): boolean {
    return departments.length + organisationRoles.length + members.length <= AT_ONCE
  }

  writeShort(plan: ImportPlan): void {
    this.#database.transaction(() => rowsOf(plan).forEach((row) => this.#write(row)))
  }

  /** Puts a long import down; nothing has changed yet. */
  async stage(plan: ImportPlan): Promise<void> {
    const rows = rowsOf(plan)
    const slices = new TimeSlices()
    this.#statements.clear.run()
    for (let next = 0; next < rows.length;) {
      this.#database.transaction(() => {
        do this.#statements.add.run(next, JSON.stringify(rows[next]))
        while (++next < rows.length && !slices.isOver)
      })
      await slices.next()
    }
  }

  /** From here on the import happens, whatever comes. */
  complete(): void {
    this.#statements.complete.run()
  }

  async takeOver(): Promise<void> {
    const slices = new TimeSlices()
    for (let isDone = false; !isDone;) {
      try {
        isDone = this.#database.transaction(() => this.#takeOver(() => slices.isOver))
        await slices.next()
      } catch (error) {
        if (error instanceof FlowError) throw error
        // the disk is full for a moment: what was put down stays, and the rest follows
        await sleep(TRY_AGAIN_MS, undefined, { ref: false })
      }
    }
  }

  /** @returns true where nothing is left */
  #takeOver(isOver: () => boolean): boolean {
    for (;;) {
      const next = this.#statements.first.get() as { number: number; row: string } | undefined
      if (!next) {
        this.#statements.reopen.run()
        return true
      }
      this.#write(JSON.parse(next.row) as ImportRow)
      this.#statements.remove.run(next.number)
      if (isOver()) return false
    }
  }
}

function rowsOf({ departments, organisationRoles, members }: ImportPlan): ImportRow[] {
  return [
    ...departments.map((department) => ({ department })),
    ...organisationRoles.map((organisationRole) => ({ organisationRole })),
    ...members,
  ]
}

function prepare(database: Database) {
  return {
    clear: database.prepare('DELETE FROM member_import'),
    add: database.prepare('INSERT INTO member_import (number, row) VALUES (?, ?)'),
    first: database.prepare('SELECT number, row FROM member_import ORDER BY number LIMIT 1'),
    remove: database.prepare('DELETE FROM member_import WHERE number = ?'),
    isComplete: database.prepare('SELECT 1 FROM organisation WHERE importing = 1'),
    complete: database.prepare('UPDATE organisation SET importing = 1'),
    reopen: database.prepare('UPDATE organisation SET importing = 0'),
  }
}
