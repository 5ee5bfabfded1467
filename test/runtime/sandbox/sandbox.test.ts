import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SandboxMessage } from '../../../nodes/api/sandbox.ts'
import { smsProviderNames, smsProviders } from '../../../nodes/services/sms/settings.ts'
import { sandboxServices, sandboxTwilioAccount } from '../../../runtime/sandbox/accounts.ts'
import type { Sandbox } from '../../../runtime/sandbox/sandbox.ts'
import { startSandbox } from '../../../runtime/sandbox/start-sandbox.ts'
import { recordSend, sendAlibaba } from './genuine-sends.ts'
import { replay } from './record-request.ts'

const { accountSid, authToken, senders } = sandboxTwilioAccount
const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
const messagesPath = `/2010-04-01/Accounts/${accountSid}/Messages.json`

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
})
afterEach(() => sandbox.close())

async function text(body: string, to = '+12025550123'): Promise<number> {
  const response = await fetch(sandbox.url + messagesPath, {
    method: 'POST',
    headers: { authorization },
    body: new URLSearchParams({ To: to, From: senders[0], Body: body }),
  })
  await response.arrayBuffer()
  return response.status
}

test.each(smsProviderNames)('the sandbox settings of %s are complete', (provider) => {
  expect(smsProviders[provider].settings.safeParse(sandboxServices[provider]).error).toBeUndefined()
})

test('listens on this machine only', () => {
  expect(new URL(sandbox.url).hostname).toBe('127.0.0.1')
})

test('tells the providers apart', async () => {
  for (const provider of smsProviderNames) await replay(sandbox.url, await recordSend[provider]())
  expect(sandbox.requests().map((request) => [request.provider, request.accepted])).toEqual(
    smsProviderNames.map((provider) => [provider, true]),
  )
})

describe('the phones', () => {
  test('show the newest text first, as many as asked for', async () => {
    for (const body of ['one', 'two', 'three']) await text(body)
    expect(sandbox.messages(2).map((message) => message.text)).toEqual(['three', 'two'])
  })

  test('report each text as it arrives, until nobody listens', async () => {
    const heard: SandboxMessage[] = []
    const stop = sandbox.onMessage((message) => heard.push(message))
    await text('one')
    stop()
    await text('two')
    expect(heard).toEqual([sandbox.messages(2)[1]])
  })

  test('can be emptied; the list of requests cannot', async () => {
    await text('one')
    sandbox.clear()
    await text('two')
    expect(sandbox.messages(9).map((message) => message.text)).toEqual(['two'])
    expect(sandbox.requests()).toHaveLength(2)
  })

  test('without a file keep the newest 10,000 texts', async () => {
    const numbers = Array.from({ length: 11_000 }, (_, index) => `+86138${String(index).padStart(8, '0')}`)
    for (let start = 0; start < numbers.length; start += 1_000) {
      await sendAlibaba(sandbox.url, numbers.slice(start, start + 1_000))
    }
    const kept = sandbox.messages(20_000).map((message) => message.to)
    expect(kept).toEqual(numbers.slice(1_000).reverse())
    expect(sandbox.requests()).toHaveLength(11)
  })
})

test('with a file it remembers texts and requests over a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  try {
    const file = join(folder, 'sandbox.sqlite')
    await sandbox.close()
    sandbox = await startSandbox({ file })
    await text('one')
    await text('two', 'nobody')
    const [messages, requests] = [sandbox.messages(9), sandbox.requests()]
    await sandbox.close()
    sandbox = await startSandbox({ file })
    expect(sandbox.messages(9)).toEqual(messages)
    expect(sandbox.requests()).toEqual(requests)
    expect(requests).toMatchObject([
      { to: '+12025550123', accepted: true },
      { to: 'nobody', accepted: false, code: '21211' },
    ])
    await text('three')
    expect(new Set(sandbox.messages(9).map((message) => message.id)).size).toBe(2)
  } finally {
    await sandbox.close()
    await rm(folder, { recursive: true })
  }
})

test('says that its port is taken', async () => {
  const port = Number(new URL(sandbox.url).port)
  await expect(startSandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('closing ends every connection at once, and closing twice does no harm', async () => {
  const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf')
  socket.on('error', () => undefined)
  const ended = new Promise((resolve) => socket.once('close', resolve))
  await sandbox.close()
  await sandbox.close()
  await ended
})

test('closing cuts off an answer that is on its way to an address', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const inbound = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/answers`
  sandbox.reportTo(() => ({ inbound }))
  await text('one')
  const asked = once(silent, 'request')
  const answered = sandbox.answer('+12025550123', 'STOP')
  await asked
  await sandbox.close()
  await expect(answered).resolves.toBeUndefined()
  silent.close()
})

describe('malformed requests', () => {
  const head = (line: string, ...headers: string[]) => [line, 'host: x', ...headers, '', ''].join('\r\n')
  const authorized = `authorization: ${authorization}`
  test.each<[string, string, RegExp]>([
    ['no HTTP at all', 'hello\r\n\r\n', /^HTTP\/1\.1 400/],
    ['an endless header', `${head('GET / HTTP/1.1', `x: ${'a'.repeat(100_000)}`)}`, /^HTTP\/1\.1 431/],
    ['a path that nobody has', head('GET /wp-admin HTTP/1.1'), /^HTTP\/1\.1 404/],
    [
      'a broken percent code',
      head('POST /?a=%E0%A4%A&%=% HTTP/1.1', 'x-acs-action: SendSms'),
      /"Code":"MissingAuthorization"/,
    ],
    [
      'an authorization of another world',
      head(
        'POST / HTTP/1.1',
        'authorization: AWS4-HMAC-SHA256 Credential=////, SignedHeaders=;;, Signature=zz',
      ),
      /<Code>IncompleteSignature</,
    ],
    ['a Twilio path cut short', head('POST /2010-04-01 HTTP/1.1', authorized), /"code":20404/],
    [
      'a form that is none',
      head(`POST ${messagesPath} HTTP/1.1`, authorized, 'content-length: 3') + '%%%',
      /"code":21604/,
    ],
    [
      'bytes that are no text',
      head(`POST ${messagesPath} HTTP/1.1`, authorized, 'content-length: 9') +
        'To=\u0000\u0001\u0002\u00ff\u00fe\u0000',
      /"code":21603/,
    ],
  ])('%s: an answer, and the next request works', async (_, bytes, answer) => {
    expect(await exchange(Buffer.from(bytes, 'latin1'))).toMatch(answer)
    expect(await text('still here')).toBe(201)
  })

  test('a body above 1 MiB', async () => {
    const response = await fetch(sandbox.url + messagesPath, {
      method: 'POST',
      headers: { authorization },
      body: 'a'.repeat((1 << 20) + 1),
    })
    expect(response.status).toBe(413)
    expect(await text('still here')).toBe(201)
  })

  test('a flood of chance requests', async () => {
    // A small generator with a fixed seed: the same flood at every run.
    let seed = 42
    const next = (limit: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % limit
    const pieces = [
      'POST',
      'GET',
      ' ',
      '/',
      messagesPath,
      '?',
      '%',
      'Action=Publish',
      '&',
      '=',
      '\r\n',
      '\r\n\r\n',
      'host: x',
      authorized,
      'x-acs-action: SendSms',
      'authorization: ACS3-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=c',
      'content-length: 5',
      'transfer-encoding: chunked',
      ' HTTP/1.1',
      '\u0000',
      'é',
    ]
    for (let round = 0; round < 300; round++) {
      const bytes = Array.from({ length: 1 + next(12) }, () => pieces[next(pieces.length)]).join('')
      await exchange(Buffer.from(`${bytes}\r\n\r\n`, 'latin1'), true)
    }
    expect(await text('still here')).toBe(201)
  })

  /** Writes bytes and reads until the first answer, or until the connection ends. */
  async function exchange(bytes: Buffer, halfClose = false): Promise<string> {
    const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    if (halfClose) socket.end(bytes)
    else socket.write(bytes)
    let received = ''
    await new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        received += chunk
        if (!halfClose) resolve()
      })
      socket.on('close', () => resolve())
    })
    socket.destroy()
    return received
  }
})
