import type { Database } from '../store/database.ts'

/**
 * Remembers the texts of templates that are kept at providers, each as it was last read from there: so that a step
 * which only has a template's code can show what people will read, and count it. A service that is given another
 * account or endpoint knows none of them.
 */
export class ProviderTexts {
  readonly #statements: ReturnType<typeof prepare>

  constructor(database: Database) {
    this.#statements = prepare(database)
  }

  /** @param text with the provider's own placeholders; `null`: there is no such template, or no longer */
  remember(serviceId: string, code: string, text: string | null): void {
    if (text === null) this.#statements.forget.run(serviceId, code)
    else this.#statements.remember.run(code, text, serviceId)
  }

  /** @returns undefined where the text was never read */
  find(serviceId: string, code: string): string | undefined {
    return this.#statements.find.get(serviceId, code)?.['text'] as string | undefined
  }
}

/** The account of a service and the host it is asked at, as its settings name them. */
const ACCOUNT = `concat_ws(' ', settings ->> '$.accessKey', settings ->> '$.accountSid', settings ->> '$.endpoint')`

function prepare(database: Database) {
  return {
    remember: database.prepare(
      `INSERT OR REPLACE INTO provider_texts (service, code, account, text)
       SELECT id, ?1, ${ACCOUNT}, ?2 FROM sms_services WHERE id = ?3`,
    ),
    forget: database.prepare('DELETE FROM provider_texts WHERE service = ? AND code = ?'),
    find: database.prepare(
      `SELECT text FROM provider_texts JOIN sms_services ON id = service
       WHERE service = ? AND code = ? AND account = ${ACCOUNT}`,
    ),
  }
}
