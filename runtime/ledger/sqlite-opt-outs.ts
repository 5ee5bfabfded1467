import type { Database } from '../store/database.ts'
import type { GroupCommit } from './group-commit.ts'
import type { OptOutRow, OptOuts } from './opt-outs.ts'
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

  keepInbound({ id, at, meaning }: Parameters<OptOuts['keepInbound']>[0]): Promise<boolean> {
    return this.#commits.write(
      () => this.#database.prepare(sql.insertInbound).run(id, at, meaning).changes === 1,
    )
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
