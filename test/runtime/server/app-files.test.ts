import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openServer } from './open-server.ts'
import type { TestServer } from './open-server.ts'

let test: TestServer
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sms-logic-app-'))
  mkdirSync(path.join(folder, 'app', 'assets'), { recursive: true })
  writeFileSync(path.join(folder, 'app', 'index.html'), '<!doctype html><title>editor</title>')
  writeFileSync(path.join(folder, 'app', 'assets', 'index-1a2b3c.js'), 'export {}')
  writeFileSync(path.join(folder, 'outside.txt'), 'not for anybody')
  test = await openServer({ server: { appFolder: path.join(folder, 'app') } })
})
afterAll(async () => {
  await test.close()
  rmSync(folder, { recursive: true })
})

it.each(['/', '/function/night-shift-alarm', '/directory?x=1.5'])(
  'serves the page at %s',
  async (address) => {
    const answer = await test.plain('GET', address)
    expect([answer.status, answer.text]).toEqual([200, '<!doctype html><title>editor</title>'])
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': expect.stringContaining("default-src 'none'") as string,
    })
  },
)

it('lets browsers keep files that carry a hash', async () => {
  const answer = await test.plain('GET', '/assets/index-1a2b3c.js')
  expect(answer.status).toBe(200)
  expect(answer.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': expect.stringContaining('javascript') as string,
    'x-content-type-options': 'nosniff',
  })
})

it.each(['/', '/assets/index-1a2b3c.js'])(
  'says what %s is like to whoever asks for its head',
  async (address) => {
    const [head, whole] = [await test.plain('HEAD', address), await test.plain('GET', address)]
    expect([head.status, head.text]).toEqual([200, ''])
    expect(head.headers['content-length']).toBe(String(whole.text.length))
  },
)

it.each([
  '/assets/missing.js',
  '/../outside.txt',
  '/..%2foutside.txt',
  '/assets/..%2f..%2foutside.txt',
  '/%2e%2e/outside.txt',
  '/.env',
])('does not find %s', async (address) => {
  const answer = await test.plain('GET', address)
  expect([answer.status, answer.json().code]).toEqual([404, 'NOT_FOUND'])
})

it('serves no page under a foreign name', async () => {
  expect((await test.plain('GET', '/', { headers: { host: 'evil.example' } })).status).toBe(403)
})
