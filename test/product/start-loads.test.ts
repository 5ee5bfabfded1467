import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { runCli } from '../support/product.ts'

it('loads what sends texts and requests when something is sent, not at every start', async () => {
  const noting = pathToFileURL(path.resolve(import.meta.dirname, '../support/note-loads.ts')).href
  const { code, stderr } = await runCli(['--version'], { NODE_OPTIONS: `--import ${noting}` })
  expect(code).toBe(0)
  const names = [...stderr.matchAll(/^loads .*\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)/gm)].map(
    ([, name]) => name,
  )
  const packages = new Set(names)
  expect(packages).toContain('fastify')
  const heavy = [
    'undici',
    'twilio',
    '@aws-sdk/client-sns',
    '@alicloud/dysmsapi20170525',
    '@simplewebauthn/server',
  ]
  expect(heavy.filter((name) => packages.has(name))).toEqual([])
})
