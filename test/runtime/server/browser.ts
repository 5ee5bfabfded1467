import type { Answer, TestServer } from './open-server.ts'

/** A browser of somebody: it keeps cookies and asks as the page does. */
export class Browser {
  readonly #test: TestServer
  /** Of the page, such as `http://127.0.0.1:4711`. */
  readonly origin: string
  readonly #cookies = new Map<string, string>()

  /** @param name by which it opens the server */
  constructor(test: TestServer, name = '127.0.0.1') {
    this.#test = test
    this.origin = `http://${name}:${new URL(test.server.url).port}`
  }

  async call(method: string, path: string, body?: object): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await this.#test.plain(method, path, {
      headers: {
        ...{
          host: new URL(this.origin).host,
          origin: this.origin,
          'sec-fetch-site': 'same-origin',
          'user-agent': 'Firefox/140 (Windows)',
        },
        ...(cookie && { cookie }),
      },
      ...(body && { body }),
    })
    for (const each of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(each)!
      this.#cookies.set(name!, value!)
    }
    return answer
  }

  /** Opens a session as if its owner had come in by a code. */
  enterAs(member: string): this {
    const { port } = new URL(this.#test.server.url)
    const session = this.#test.runtime.accounts.sessions.open({ member, way: 'code' })
    this.#cookies.set(`sms-logic-session-${port}`, session)
    return this
  }

  /** By the access token. */
  async enterByToken(token: string): Promise<this> {
    await this.call('POST', '/api/session', { token })
    return this
  }

  /** Status and role of the session it has. */
  async whoAmI(): Promise<string> {
    const answer = await this.call('GET', '/api/session')
    if (answer.status !== 200) return String(answer.status)
    const { role, member } = answer.json<{ role: string; member: { name: string } | null }>()
    return member ? `${role} ${member.name}` : role
  }
}
