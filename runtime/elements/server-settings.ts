import type { Database } from '../store/database.ts'

const PUBLIC_URL = 'publicUrl'

/** Settings of the server as a whole, kept in the data folder; what was given at the start weighs more. */
export class ServerSettings {
  readonly #database: Database
  readonly #given: string | undefined
  #publicUrl: string | undefined

  /** @param given the public address from the command line or the environment */
  constructor(database: Database, given: string | undefined) {
    this.#database = database
    this.#given = given && withoutSlash(given)
    const row = database.prepare('SELECT value FROM settings WHERE name = ?').get(PUBLIC_URL)
    this.#publicUrl = row && (JSON.parse(row['value'] as string) as string)
  }

  /** Where the internet reaches this server, without a slash at the end. */
  get publicUrl(): string | undefined {
    return this.#given ?? this.#publicUrl
  }

  /** True where the page cannot change the public address. */
  get isPublicUrlGiven(): boolean {
    return this.#given !== undefined
  }

  setPublicUrl(url: string | null): void {
    this.#publicUrl = url === null ? undefined : withoutSlash(url)
    if (this.#publicUrl === undefined) {
      this.#database.prepare('DELETE FROM settings WHERE name = ?').run(PUBLIC_URL)
    } else {
      this.#database
        .prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)')
        .run(PUBLIC_URL, JSON.stringify(this.#publicUrl))
    }
  }
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
