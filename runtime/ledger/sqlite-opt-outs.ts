import type { Database } from '../store/database.ts'
import type { GroupCommit } from './group-commit.ts'
import { liftedByStart } from './opt-outs.ts'
import type { OptOutRow, OptOuts, PhoneAnswer } from './opt-outs.ts'
import type { Row } from './sqlite-rows.ts'
import * as sql from './sqlite-statements.ts'

/** Opt-outs in the data folder's SQLite file, written in the ledger's commits. */
export class SqliteOptOuts implements OptOuts {
  readonly #database: Database
  readonly #commits: GroupCommit

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database
    this.#commits = commits
  }

  keep({ serviceId, sender, phone, source, reason, since }: Parameters<OptOuts['keep']>[0]) {
    return this.#commits.write(
      () =>
        this.#database.prepare(sql.insertOptOut).run(serviceId, sender, phone, source, reason, since)
          .changes > 0,
    )
  }

  lift({ serviceId, phone, sources, at, why }: Parameters<OptOuts['lift']>[0]): Promise<boolean> {
    return this.#commits.write(
      () =>
        this.#database.prepare(sql.liftOptOuts).run(at, why, serviceId, phone, JSON.stringify(sources), at)
          .changes > 0,
    )
  }

  async all(): Promise<OptOutRow[]> {
    return this.#database.prepare(sql.selectOptOuts).all().map(readOptOut)
  }

  takeAnswer({ id, at, meaning, phone, word, to }: PhoneAnswer): Promise<boolean> {
    return this.#commits.write(() => {
      if (this.#database.prepare(sql.insertInbound).run(id, at, meaning).changes === 0) return false
      for (const { serviceId, sender } of to) {
        if (meaning === 'stop') {
          this.#database.prepare(sql.insertOptOut).run(serviceId, sender, phone, 'reply', word, at)
        }
        if (meaning === 'start') {
          const sources = JSON.stringify(liftedByStart)
          this.#database.prepare(sql.liftOptOuts).run(at, word, serviceId, phone, sources, at)
        }
      }
      return true
    })
  }
}

function readOptOut(row: Row): OptOutRow {
  return {
    serviceId: row['service_id'] as string,
    sender: row['sender'] as string,
    phone: row['phone'] as string,
    source: row['source'] as OptOutRow['source'],
    reason: row['reason'] as string,
    since: row['since'] as number,
    lifted: (row['lifted'] as number | null) ?? undefined,
    liftedWhy: (row['lifted_why'] as string | null) ?? undefined,
  }
}
