import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, it } from 'vitest'
import { smsProviderNames } from '../../../nodes/services/sms/settings.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const libraries = { alibaba: '@alicloud', 'aws-sns': '@aws-sdk', twilio: 'twilio' }

/** The libraries that a fresh process has loaded after opening one service. */
function librariesLoadedFor(provider: string | undefined): string[] {
  const script = `
    import { createRequire } from 'node:module'
    import { openSmsProvider } from './runtime/providers/sms/index.ts'
    import { smsProviders } from './nodes/services/sms/settings.ts'
    import { sandboxServices } from './runtime/sandbox/accounts.ts'
    const provider = ${JSON.stringify(provider ?? null)}
    if (provider) {
      const settings = smsProviders[provider].settings.parse(sandboxServices[provider])
      await openSmsProvider(provider, settings, { sandboxUrl: 'http://127.0.0.1:1' })
    }
    console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache)))`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root })
  const files = JSON.parse(output.toString()) as string[]
  return Object.values(libraries).filter((library) =>
    files.some((file) => file.includes(path.join('node_modules', library) + path.sep)),
  )
}

it('loads no library before a service is opened', () => {
  expect(librariesLoadedFor(undefined)).toEqual([])
})

it.each(smsProviderNames)('loads the library of %s and no other', (provider) => {
  expect(librariesLoadedFor(provider)).toEqual([libraries[provider]])
})
