import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { alibabaSettings } from '../../../nodes/services/sms/alibaba.ts'
import type { OutgoingSms, SmsProvider } from '../../../nodes/services/sms/provider.ts'
import { openSmsProvider } from '../../../runtime/providers/sms/index.ts'
import { sandboxServices } from '../../../runtime/sandbox/accounts.ts'
import { startSandbox } from '../../../runtime/sandbox/start-sandbox.ts'
import type { Sandbox } from '../../../runtime/sandbox/sandbox.ts'

let sandbox: Sandbox
let provider: SmsProvider
beforeEach(async () => {
  sandbox = await startSandbox()
  const settings = alibabaSettings.parse(sandboxServices.alibaba)
  provider = await openSmsProvider('alibaba', settings, { sandboxUrl: sandbox.url })
})
afterEach(async () => {
  await provider.close()
  await sandbox.close()
})

const message = (index: number, change: Partial<OutgoingSms> = {}): OutgoingSms => ({
  id: `run-${index}`,
  attempt: 1,
  to: `+861380000${String(index).padStart(4, '0')}`,
  templateCode: 'SMS_100001',
  templateVariables: { device: 'Pump 7', text: 'low & hot' },
  ...change,
})
const messages = (count: number, change: (index: number) => Partial<OutgoingSms> = () => ({})) =>
  Array.from({ length: count }, (_, index) => message(index, change(index)))
const own = (index: number) => ({ templateVariables: { device: `Pump ${index}`, text: '¥ 5 + 1' } })

describe('one request carries', () => {
  it('a thousand who read the same, and no more', () => {
    expect(provider.batchSize!(messages(1_200))).toBe(1_000)
  })

  it('a hundred who read the same template with other values', () => {
    expect(provider.batchSize!(messages(300, own))).toBe(100)
    // as soon as one differs, all do: the first 150 alone may be more
    expect(provider.batchSize!(messages(300, (index) => (index < 150 ? {} : own(index))))).toBe(150)
    expect(provider.batchSize!(messages(300, (index) => (index < 5 ? {} : own(index))))).toBe(100)
  })

  it('no two templates, no mainland number beside another, and no number that would be misread', () => {
    expect(provider.batchSize!([message(1), message(2), message(3, { templateCode: 'SMS_100002' })])).toBe(2)
    expect(provider.batchSize!([message(1), message(2), message(3, { to: '+447700900123' })])).toBe(2)
    expect(provider.batchSize!([message(1, { to: '+14155550123' }), message(2)])).toBe(1)
    expect(
      provider.batchSize!([message(1, { to: '+4915123456789' }), message(2, { to: '+14155550123' })]),
    ).toBe(1)
  })
})

describe('a batch', () => {
  it.each([
    ['SendSms', 1_000, undefined],
    ['SendBatchSms', 100, own],
  ] as const)('is taken as one %s, and each phone shows its text', async (action, count, change) => {
    const batch = messages(count, change)
    const outcomes = await provider.sendBatch!(batch)
    expect(outcomes).toHaveLength(count)
    expect(outcomes.every(({ state }) => state === 'accepted')).toBe(true)
    expect(sandbox.requests()).toMatchObject([{ action, accepted: true, token: 'run-0' }])
    const shown = new Map(sandbox.messages(2_000).map(({ to, text }) => [to, text]))
    expect(shown.size).toBe(count)
    for (const { to, templateVariables: values } of batch) {
      expect(shown.get(to)).toBe(`【短信沙箱】${values!['device']} needs help: ${values!['text']}`)
    }
  })

  it('is refused whole where one number is wrong: nothing of it was taken', async () => {
    const outcomes = await provider.sendBatch!([message(1), message(2, { to: '+86123' }), message(3)])
    expect(outcomes).toMatchObject(
      Array(3).fill({
        state: 'rejected',
        error: { providerCode: 'isv.MOBILE_NUMBER_ILLEGAL', about: 'recipient' },
      }),
    )
    expect(sandbox.messages(10)).toEqual([])
  })

  it.each(['reset-after', 'half-answer', 'garbage'] as const)('is unknown whole after %s', async (fault) => {
    sandbox.setFault('alibaba', fault, 1)
    const outcomes = await provider.sendBatch!(messages(50))
    expect(new Set(outcomes.map(({ state }) => state))).toEqual(new Set(['unknown']))
    expect(sandbox.requests()).toHaveLength(1)
    expect(sandbox.messages(100)).toHaveLength(50)
  })
})
