import { describe, expect, it } from 'vitest'
import type { SmsService } from '../../../nodes/api/elements.ts'
import { openPolicy } from '../../../nodes/services/sms/policy.ts'
import {
  checkDraft,
  draftOf,
  isChanged,
  isSandbox,
  keptSecrets,
  settingFields,
  settingsOf,
  switchSandbox,
} from '../../../src/dialogs/service/service-draft.ts'
import { sandboxServices } from '../../../runtime/sandbox/accounts.ts'

const sid = `AC${'0'.repeat(31)}1`
const saved: SmsService = {
  id: 's1',
  name: 'Night',
  provider: 'twilio',
  revision: 3,
  sandbox: false,
  settings: {
    accountSid: sid,
    fromNumber: '+15005550006',
    concurrency: 64,
    apiKeySid: `SK${'0'.repeat(32)}`,
  },
  secrets: { authToken: { set: true, last4: '9999' }, apiKeySecret: { set: true, last4: '' } },
  policy: openPolicy,
  updated: '2026-08-01T08:00:00Z',
}
const typed = (draft: ReturnType<typeof draftOf>, values: Record<string, string>) => ({
  ...draft,
  values: { ...draft.values, ...values },
})

describe('the form of a new service', () => {
  it.each(['alibaba', 'aws-sns', 'twilio'] as const)('names every missing setting of %s', (provider) => {
    const errors = checkDraft(draftOf(provider))
    const required = settingFields(provider).filter((field) => field.required)
    expect(errors).toMatchObject({
      name: 'required',
      ...Object.fromEntries(required.map(({ name }) => [`settings/${name}`, 'required'])),
    })
  })

  it.each(['alibaba', 'aws-sns', 'twilio'] as const)(
    'is complete for %s with the sandbox and a name',
    (provider) => {
      const draft = switchSandbox({ ...draftOf(provider), name: 'Try' }, true, sandboxServices[provider])
      expect(isSandbox(draft)).toBe(true)
      expect(checkDraft(draft)).toEqual({})
      expect(settingsOf(draft)).toMatchObject(sandboxServices[provider])
    },
  )

  it('leaves the credentials of the sandbox behind when it is switched off', () => {
    const on = switchSandbox(draftOf('twilio'), true, sandboxServices.twilio)
    const off = switchSandbox(on, false, sandboxServices.twilio)
    expect(off.values).toEqual(draftOf('twilio').values)
  })

  it('sends numbers as numbers and leaves empty settings out', () => {
    const draft = typed(draftOf('twilio'), { concurrency: '8', accountSid: ` ${sid} ` })
    expect(settingsOf(draft)).toEqual({ concurrency: 8, accountSid: sid })
  })

  it('refuses a number that is none', () => {
    expect(checkDraft(typed(draftOf('twilio'), { concurrency: 'many' }))).toHaveProperty(
      'settings/concurrency',
    )
  })
})

describe('the form of a saved service', () => {
  it('keeps secrets that nobody touches, and says so to nobody but the server', () => {
    const draft = draftOf('twilio', saved)
    expect(checkDraft(draft, saved)).toEqual({})
    expect(keptSecrets(draft, saved)).toEqual(['authToken', 'apiKeySecret'])
    expect(settingsOf(draft, saved)).not.toHaveProperty('authToken')
    expect(isChanged(draft, draftOf('twilio', saved))).toBe(false)
  })

  it('wants a secret that is to be replaced', () => {
    const draft = { ...draftOf('twilio', saved), secrets: { authToken: 'replace' as const } }
    expect(checkDraft(draft, saved)).toEqual({ 'settings/authToken': 'required' })
    expect(settingsOf(typed(draft, { authToken: 'new' }), saved)).toMatchObject({ authToken: 'new' })
  })

  it('removes an optional secret with null', () => {
    const draft = typed(
      { ...draftOf('twilio', saved), secrets: { apiKeySecret: 'remove' as const } },
      { apiKeySid: '' },
    )
    expect(checkDraft(draft, saved)).toEqual({})
    expect(settingsOf(draft, saved)).toMatchObject({ apiKeySecret: null })
  })

  it('asks for all secrets again once they would go to another address', () => {
    const draft = typed(draftOf('twilio', saved), { endpoint: 'https://proxy.example.com' })
    expect(keptSecrets(draft, saved)).toEqual([])
    expect(checkDraft(draft, saved)).toMatchObject({ 'settings/authToken': 'required' })
  })
})
