import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OutgoingSms, SendOutcome, SmsProvider } from '../../nodes/services/sms/provider.ts'
import { secretFields } from '../../nodes/services/sms/settings.ts'
import { openSmsProvider, type SmsSettings } from '../../runtime/providers/sms/index.ts'
import { startSandbox } from '../../runtime/sandbox/start-sandbox.ts'
import { closedPort, httpAnswer, startWireServer, type WireServer } from './wire-server.ts'

interface Reply {
  status: number
  body: string
}

/** What the suite needs to know of a provider to hold its adapter to the promises of `SmsProvider`. */
export interface SmsProviderCase<Name extends keyof SmsSettings> {
  name: Name
  /** Valid settings whose credentials the sandbox knows; the suite points them at its own servers. */
  settings: SmsSettings[Name]
  /** Fields that make the settings' credentials wrong. */
  wrongCredentials: Partial<SmsSettings[Name]>
  message: OutgoingSms
  replies: {
    accepted: Reply & { providerId: string }
    /** Success by its status, without the id of a message. */
    withoutId: Reply[]
    /** Success by its status, refusal by its body. */
    refusedInSuccess: Reply & { providerCode: string }
    /** A refusal of the number, with `echo` in the provider's words. */
    refused: (echo: string) => Reply & { providerCode: string }
    throttled: Reply & { providerCode: string }
  }
  /** A number that the sandbox refuses, and the code it gives. */
  badNumber: { to: string; providerCode: string }
  /** A number whose holder answered STOP in the suite's sandbox, and the code it gives. */
  optedOut: { to: string; providerCode: string }
  /** A template that is kept at the provider; `null` where there is no such thing (SNS). */
  keptTemplate: {
    /** What a message carries in place of a text, with values for everything in the template. */
    sends: Pick<OutgoingSms, 'templateCode' | 'templateVariables' | 'contentSid' | 'contentVariables'>
    /** What the phone then shows, or ends with. */
    shows: string
    refused: { what: string; sends: Partial<OutgoingSms>; providerCode: string }[]
  } | null
}

/** Deadlines short enough for a test and far longer than loopback needs. */
const timeouts = { connectMs: 400, totalMs: 700 }

/** The promises of `SmsProvider`, held by the real adapter and the provider's real library against real sockets. */
export function testSmsProvider<Name extends keyof SmsSettings>(known: SmsProviderCase<Name>): void {
  const { name, settings, message, replies } = known
  let server: WireServer
  const opened: SmsProvider[] = []

  const open = async (endpoint: string, changes: Partial<SmsSettings[Name]> = {}): Promise<SmsProvider> => {
    const provider = await openSmsProvider(name, { ...settings, ...changes, endpoint }, { timeouts })
    opened.push(provider)
    return provider
  }
  const send = async (endpoint = server.origin): Promise<SendOutcome> => (await open(endpoint)).send(message)
  const answer = ({ status, body }: Reply, headers?: Record<string, string>) =>
    server.behave((socket) => socket.write(httpAnswer(status, body, headers)))

  beforeEach(async () => {
    server = await startWireServer()
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((provider) => provider.close()))
    await server.close()
  })

  describe(`${name}: what one wire request proves`, () => {
    it('accepts a message that the provider has named', async () => {
      answer(replies.accepted)
      expect(await send()).toMatchObject({ state: 'accepted', providerId: replies.accepted.providerId })
      expect(server.requests).toHaveLength(1)
    })

    it('takes an interim answer for what it is', async () => {
      const { status, body } = replies.accepted
      server.behave((socket) => socket.write(`HTTP/1.1 103 Early Hints\r\n\r\n${httpAnswer(status, body)}`))
      expect(await send()).toMatchObject({ state: 'accepted', providerId: replies.accepted.providerId })
    })

    it.each(replies.withoutId)('does not believe HTTP $status without an id: $body', async (reply) => {
      answer(reply)
      expect(await send()).toMatchObject({ state: 'unknown', error: { httpStatus: reply.status } })
      expect(server.requests).toHaveLength(1)
    })

    it('reads a refusal that comes with a status of success', async () => {
      answer(replies.refusedInSuccess)
      const { providerCode } = replies.refusedInSuccess
      expect(await send()).toMatchObject({ state: 'rejected', error: { providerCode } })
      expect(server.requests).toHaveLength(1)
    })

    it('knows a refused number as the fault of the recipient', async () => {
      const reply = replies.refused('')
      answer(reply)
      expect(await send()).toMatchObject({
        state: 'rejected',
        error: { providerCode: reply.providerCode, about: 'recipient', httpStatus: reply.status },
      })
      expect(server.requests).toHaveLength(1)
    })

    it('passes on when a throttling provider wants the next attempt', async () => {
      answer(replies.throttled, { 'retry-after': '7' })
      expect(await send()).toMatchObject({
        state: 'throttled',
        retryAfterMs: 7_000,
        error: { providerCode: replies.throttled.providerCode },
      })
      expect(server.requests).toHaveLength(1)
    })

    it('leaves the next attempt to us where a throttling provider names no time', async () => {
      answer(replies.throttled)
      const outcome = await send()
      expect(outcome).toMatchObject({ state: 'throttled' })
      expect(outcome).not.toHaveProperty('retryAfterMs', expect.any(Number))
      expect(server.requests).toHaveLength(1)
    })

    it('waits for an answer until shortly before the deadline', async () => {
      const { status, body, providerId } = replies.accepted
      server.behave((socket) => {
        setTimeout(() => socket.write(httpAnswer(status, body)), timeouts.totalMs - 250)
      })
      expect(await send()).toMatchObject({ state: 'accepted', providerId })
      expect(server.requests).toHaveLength(1)
    })

    it('reads a date in Retry-After', async () => {
      answer(replies.throttled, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() })
      const outcome = await send()
      const wait = outcome.state === 'throttled' ? outcome.retryAfterMs! : NaN
      expect(wait).toBeGreaterThan(50_000)
      expect(wait).toBeLessThanOrEqual(60_000)
    })

    it.each([500, 502, 503, 504])('does not know what became of a message after HTTP %d', async (status) => {
      answer({ status, body: '<html>Service unavailable</html>' })
      expect(await send()).toMatchObject({ state: 'unknown', error: { httpStatus: status } })
      expect(server.requests).toHaveLength(1)
    })

    it('does not take a page with status 4xx for the provider’s word', async () => {
      answer({ status: 404, body: '<html>Not found</html>' })
      expect(await send()).toMatchObject({ state: 'unknown', error: { httpStatus: 404 } })
      expect(server.requests).toHaveLength(1)
    })

    it.each([301, 302, 303, 307, 308])('does not follow a redirect with status %d', async (status) => {
      const elsewhere = await startWireServer((socket) =>
        socket.write(httpAnswer(replies.accepted.status, replies.accepted.body)),
      )
      answer({ status, body: '' }, { location: `${elsewhere.origin}/` })
      expect(await send()).toMatchObject({ state: 'unknown', error: { httpStatus: status } })
      expect(server.requests).toHaveLength(1)
      expect(elsewhere.connections).toBe(0)
      await elsewhere.close()
    })
  })

  describe(`${name}: a connection that breaks`, () => {
    const { status, body } = replies.accepted
    const whole = httpAnswer(status, body)
    it.each([
      ['reset after the request', (socket) => void socket.resetAndDestroy()],
      ['closed before an answer', (socket) => void socket.end()],
      ['closed in the middle of the head', (socket) => void socket.end(whole.slice(0, 20))],
      ['closed in the middle of the body', (socket) => void socket.end(whole.slice(0, -5))],
      [
        'closed in the middle of a chunked body',
        (socket) =>
          void socket.end(
            `HTTP/1.1 ${status} Any\r\ntransfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}`,
          ),
      ],
      ['answered in another protocol', (socket) => void socket.end('220 mail.example ESMTP\r\n')],
      [
        'answered with a head without end',
        (socket) => void socket.end(`HTTP/1.1 ${status} Any\r\nx: ${'y'.repeat(50_000)}`),
      ],
    ] satisfies [string, Parameters<WireServer['behave']>[0]][])(
      '%s leaves the outcome unknown',
      async (_, behaviour) => {
        server.behave(behaviour)
        expect(await send()).toMatchObject({ state: 'unknown', error: { about: 'network' } })
        expect(server.requests).toHaveLength(1)
      },
    )

    it('gives up a silent provider at the deadline, outcome unknown', async () => {
      const started = performance.now()
      expect(await send()).toMatchObject({ state: 'unknown', error: { providerCode: 'TIMEOUT' } })
      const took = performance.now() - started
      expect(took).toBeGreaterThan(timeouts.totalMs - 20)
      expect(took).toBeLessThan(timeouts.totalMs + 400)
      expect(server.requests).toHaveLength(1)
    })

    it('gives up an answer that trickles on past the deadline', async () => {
      server.behave((socket) => {
        socket.write(`HTTP/1.1 ${status} Any\r\ncontent-length: 100000\r\n\r\n{`)
        const trickle = setInterval(() => socket.write(' '), 50)
        socket.on('close', () => clearInterval(trickle))
      })
      expect(await send()).toMatchObject({ state: 'unknown', error: { providerCode: 'TIMEOUT' } })
      expect(server.requests).toHaveLength(1)
    })

    it('stops reading an answer of 100 MB', async () => {
      let written = 0
      server.behave((socket) => {
        socket.write(`HTTP/1.1 ${status} Any\r\ncontent-length: 104857600\r\n\r\n`)
        const megabyte = Buffer.alloc(1 << 20, ' ')
        const pour = (): void => {
          while (written < 100 && !socket.destroyed && socket.writable) {
            written++
            if (!socket.write(megabyte)) return void socket.once('drain', pour)
          }
        }
        pour()
      })
      expect(await send()).toMatchObject({ state: 'unknown', error: { providerCode: 'ANSWER_TOO_LARGE' } })
      expect(written).toBeLessThan(30)
      expect(server.requests).toHaveLength(1)
    })

    it('sends once where the server closes a used connection under the next request', async () => {
      answer(replies.accepted)
      const provider = await open(server.origin)
      expect(await provider.send(message)).toMatchObject({ state: 'accepted' })
      server.behave((socket) => void socket.destroy())
      expect(await provider.send({ ...message, id: 'next' })).toMatchObject({ state: 'unknown' })
      expect(server.requests).toHaveLength(2)
    })

    it('opens another connection where the server closed the idle one', async () => {
      server.behave((socket) => void socket.end(whole))
      const provider = await open(server.origin)
      for (const id of ['first', 'second', 'third']) {
        expect(await provider.send({ ...message, id })).toMatchObject({ state: 'accepted' })
        await new Promise((resolve) => setImmediate(resolve))
      }
      expect(server.requests).toHaveLength(3)
      expect(server.connections).toBe(3)
    })

    it('never takes what is left over from one answer for the answer to the next request', async () => {
      server.behave((socket) => socket.write(whole + whole))
      const provider = await open(server.origin)
      expect(await provider.send(message)).toMatchObject({ state: 'accepted' })
      server.behave(() => {})
      expect((await provider.send({ ...message, id: 'next' })).state).not.toBe('accepted')
    })
  })

  describe(`${name}: nothing was sent`, () => {
    it('where nobody listens', async () => {
      expect(await send(`http://127.0.0.1:${await closedPort()}`)).toMatchObject({
        state: 'unreachable',
        error: { providerCode: 'ECONNREFUSED', about: 'network' },
      })
    })

    it('where the name of the server does not resolve', async () => {
      const outcome = await send('http://sms.invalid')
      expect(outcome).toMatchObject({ state: 'unreachable', error: { about: 'network' } })
      expect(outcome).toHaveProperty(
        'error.providerCode',
        expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN|CONNECT_TIMEOUT)$/),
      )
    })

    it('where no TLS handshake comes about in time', async () => {
      const started = performance.now()
      expect(await send(`https://127.0.0.1:${server.port}`)).toMatchObject({
        state: 'unreachable',
        error: { providerCode: 'CONNECT_TIMEOUT' },
      })
      expect(performance.now() - started).toBeLessThan(timeouts.connectMs + 400)
      expect(server.requests).toHaveLength(0)
    })

    it('where TLS fails', async () => {
      const sandbox = await startSandbox()
      expect(await send(sandbox.url.replace('http:', 'https:'))).toMatchObject({
        state: 'unreachable',
        error: { about: 'network' },
      })
      expect(sandbox.requests()).toHaveLength(0)
      await sandbox.close()
    })

    it('where the sandbox is not running', async () => {
      const provider = await openSmsProvider(name, { ...settings, endpoint: 'sandbox' }, { sandboxUrl: null })
      expect(await provider.send(message)).toMatchObject({
        state: 'unreachable',
        error: { providerCode: 'SANDBOX_OFF' },
      })
      expect(await provider.checkCredentials()).toMatchObject({ ok: false })
    })

    it('where the call was given up before it began', async () => {
      const provider = await open(server.origin)
      expect(await provider.send(message, AbortSignal.abort())).toMatchObject({
        state: 'unreachable',
        error: { providerCode: 'ABORTED' },
      })
      expect(server.connections).toBe(0)
    })

    it('while all connections are busy for longer than a connection may take', async () => {
      const provider = await open(server.origin, { concurrency: 1 } as Partial<SmsSettings[Name]>)
      const first = provider.send(message)
      const second = provider.send({ ...message, id: 'second' })
      expect(await second).toMatchObject({ state: 'unreachable', error: { providerCode: 'CONNECT_TIMEOUT' } })
      expect(await first).toMatchObject({ state: 'unknown', error: { providerCode: 'TIMEOUT' } })
      expect(server.requests).toHaveLength(1)
    })
  })

  it(`${name}: a call given up under way has an unknown outcome`, async () => {
    const controller = new AbortController()
    server.behave(() => controller.abort())
    const provider = await open(server.origin)
    expect(await provider.send(message, controller.signal)).toMatchObject({
      state: 'unknown',
      error: { providerCode: 'ABORTED' },
    })
    expect(server.requests).toHaveLength(1)
  })

  it(`${name}: closing gives up what is under way and keeps nothing open`, async () => {
    const provider = await open(server.origin)
    server.behave(() => void provider.close())
    expect(await provider.send(message)).toMatchObject({
      state: 'unknown',
      error: { providerCode: 'ABORTED' },
    })
    expect(await provider.send(message)).toMatchObject({ state: 'unreachable' })
  })

  it(`${name}: keeps 64 sends apart and makes 64 requests of them`, async () => {
    answer(replies.accepted)
    const provider = await open(server.origin)
    const outcomes = await Promise.all(
      Array.from({ length: 64 }, (_, index) => provider.send({ ...message, id: `many-${index}` })),
    )
    expect(outcomes.every(({ state }) => state === 'accepted')).toBe(true)
    expect(server.requests).toHaveLength(64)
  })

  describe(`${name}: failures tell no secrets`, () => {
    const secrets = secretFields(name).flatMap(
      (field) => Object.entries(settings).find(([key]) => key === field)?.[1] ?? [],
    )
    const private_ = [
      message.to,
      message.to.slice(1),
      ...(message.text ? [message.text] : []),
      ...Object.values(message.templateVariables ?? {}),
      '127.0.0.1',
      ...secrets.map(String),
    ]

    it.each([
      [
        'a refusal that repeats the request',
        () => answer(replies.refused(`${private_.join(' ')} http://127.0.0.1/?a=b`)),
      ],
      [
        'a refusal that repeats it as JSON',
        () => answer(replies.refused(JSON.stringify(message).replaceAll('"', '’'))),
      ],
      ['a reset', () => server.behave((socket) => void socket.resetAndDestroy())],
      ['a page', () => answer({ status: 502, body: private_.join(' ') })],
      ['a refused connection', async () => server.close()],
    ])('%s', async (_, prepare) => {
      await prepare()
      const outcome = await send()
      expect(outcome.state).not.toBe('accepted')
      for (const secret of private_) expect(JSON.stringify(outcome)).not.toContain(secret)
    })
  })

  describe(`${name}: in the sandbox`, () => {
    const inSandbox = async (changes: Partial<OutgoingSms>, wrong?: Partial<SmsSettings[Name]>) => {
      const sandbox = await startSandbox({ optedOut: [known.optedOut.to] })
      const provider = await open(sandbox.url, wrong)
      const outcome = await provider.send({ ...message, ...changes })
      const check = await provider.checkCredentials()
      const requests = sandbox.requests()
      const messages = sandbox.messages(10)
      await sandbox.close()
      return { outcome, check, requests, messages }
    }

    it('a text arrives on the phone it was sent to', async () => {
      const { outcome, requests, messages, check } = await inSandbox({})
      expect(outcome).toMatchObject({ state: 'accepted', providerId: messages[0]!.id })
      expect(requests).toMatchObject([{ accepted: true }])
      expect(messages).toMatchObject([{ provider: name, to: message.to }])
      expect(check).toMatchObject({ ok: true })
    })

    it('signs of every script and every meaning in a URL arrive as they are', async () => {
      const odd = 'a+b &=%2B*\'()!~ héllo 世界 👋 "q" \\ <x>'
      const { outcome, messages } = await inSandbox({
        text: odd,
        templateVariables: { ...message.templateVariables, text: odd.slice(0, 30) },
      })
      expect(outcome.state).toBe('accepted')
      expect(messages[0]!.text).toContain(message.templateVariables ? odd.slice(0, 30) : odd)
    })

    if (known.keptTemplate) {
      const { sends, shows, refused } = known.keptTemplate

      it('a template that is kept at the provider arrives filled', async () => {
        const { outcome, messages } = await inSandbox({ text: undefined, ...sends })
        expect(outcome).toMatchObject({ state: 'accepted', providerId: messages[0]!.id })
        expect(messages[0]!.text).toMatch(shows)
      })

      it.each(refused)('$what is the fault of the content or the configuration', async (each) => {
        const { outcome, messages, requests } = await inSandbox({ text: undefined, ...sends, ...each.sends })
        expect(outcome).toMatchObject({ state: 'rejected', error: { providerCode: each.providerCode } })
        expect(['content', 'configuration']).toContain(outcome.state === 'rejected' && outcome.error.about)
        expect([messages.length, requests.length]).toEqual([0, 1])
      })

      it('failures do not repeat the values of a template', async () => {
        const values = Object.values({ ...sends.templateVariables, ...sends.contentVariables })
        answer(replies.refused(values.join(' ')))
        const provider = await open(server.origin)
        const outcome = await provider.send({ ...message, text: undefined, ...sends })
        expect(outcome.state).toBe('rejected')
        for (const value of values) expect(JSON.stringify(outcome)).not.toContain(value)
      })
    }

    it('wrong credentials are the configuration’s fault', async () => {
      const { outcome, requests, check } = await inSandbox({}, known.wrongCredentials)
      expect(outcome).toMatchObject({ state: 'rejected', error: { about: 'configuration' } })
      expect(check).toMatchObject({ ok: false, error: { about: 'configuration' } })
      expect(requests).toMatchObject([{ accepted: false }])
    })

    it('a bad number is refused', async () => {
      const { outcome, requests } = await inSandbox({ to: known.badNumber.to })
      const { providerCode } = known.badNumber
      expect(outcome).toMatchObject({ state: 'rejected', error: { about: 'recipient', providerCode } })
      expect(requests).toHaveLength(1)
    })

    it('a person who opted out is not texted', async () => {
      const { outcome, messages } = await inSandbox({ to: known.optedOut.to })
      const { providerCode } = known.optedOut
      expect(outcome).toMatchObject({ state: 'rejected', error: { about: 'recipient', providerCode } })
      expect(messages).toHaveLength(0)
    })
  })
}
