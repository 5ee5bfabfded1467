import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Json } from '../../../nodes/json.ts'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { fixed, flow, formula, returns } from '../../support/flow.ts'
import { openRuntime, twilioService } from '../../support/open-runtime.ts'

const PHONE = '+12025550101'

let runtime: LocalRuntime
let method: string
beforeEach(async () => {
  runtime = await openRuntime()
  runtime.directory.organisation.change({ country: 'US', timeZone: 'UTC', locale: 'en' })
  method = runtime.loginMethods.create({
    ...{ name: 'Phone', service: twilioService(runtime), templateText: 'Your code is ${code}.' },
    ...{ autofill: false, allowRegistration: false, countries: [], dailyCodes: 100, hourlyPerAddress: 20 },
  }).id
})
afterEach(() => runtime.close())

const run = async (graph: object, input: Record<string, Json>) =>
  (await runtime.startRun({ graph, input, trigger: 'library' })).finished
const input = (name: string) => ({ name, type: 'text' })
const send = (params: object = {}) =>
  flow(
    {
      code: {
        type: 'send-code',
        params: { method, phone: formula('phone'), ...params },
        to: { sent: 'end', refused: 'refused', failed: 'failed' },
      },
      end: returns('nodes.code'),
      refused: returns('nodes.code.reason'),
      failed: returns('"failed"'),
    },
    { name: 'send', inputs: [input('phone')] },
  )
const check = (purpose = '') =>
  flow(
    {
      code: {
        type: 'check-code',
        params: { challenge: formula('challenge'), code: formula('code'), purpose },
        to: { right: 'right', wrong: 'wrong' },
      },
      right: { type: 'return', params: { value: fixed('right') } },
      wrong: { type: 'return', params: { value: fixed('wrong') } },
    },
    { name: 'check', inputs: [input('challenge'), input('code')] },
  )
const codeOnPhone = () => /\d{6}/.exec(runtime.sandbox!.messages(1)[0]!.text)![0]

it('texts a code that one function checks for another, once', async () => {
  const sent = await run(send({ purpose: 'pick-up' }), { phone: '(202) 555-0101' })
  expect(sent.output).toMatchObject({ expiresInSeconds: 300, resendInSeconds: 60 })
  const { challenge } = sent.output as { challenge: string }
  const code = codeOnPhone()
  expect(runtime.sandbox!.messages(1)[0]).toMatchObject({ to: PHONE, text: `Your code is ${code}.` })
  expect(JSON.stringify(await runtime.getRun(sent.id))).not.toContain(code)

  const wrong = code === '000000' ? '000001' : '000000'
  expect((await run(check('pick-up'), { challenge, code: wrong })).output).toBe('wrong')
  expect((await run(check('another'), { challenge, code })).output).toBe('wrong')
  const typed = ` ${code.slice(0, 3)} ${code.slice(3)}`
  expect((await run(check('pick-up'), { challenge, code: typed })).output).toBe('right')
  expect((await run(check('pick-up'), { challenge, code })).output).toBe('wrong')
})

it('opens nothing that signing in asks for', async () => {
  const sent = await run(send({ purpose: 'sign-in' }), { phone: PHONE })
  const { challenge } = sent.output as { challenge: string }
  await expect(runtime.signIn.check(challenge, codeOnPhone())).rejects.toMatchObject({ code: 'CODE_WRONG' })
})

it('says why no code is texted', async () => {
  expect((await run(send(), { phone: 'nobody' })).output).toBe('number')
  expect((await run(send(), { phone: '+447700900001' })).output).toBe('number')
  await run(send(), { phone: PHONE })
  const again = await run(send(), { phone: PHONE })
  expect(again.output).toBe('too-many')
  expect(runtime.sandbox!.messages(9)).toHaveLength(1)
})

it('takes its own port where the text was refused, and fails where there is none', async () => {
  const refusing = twilioService(runtime, { fromNumber: '+15005550007' })
  const { id, revision, updated: _, ...settings } = runtime.loginMethods.get(method)
  runtime.loginMethods.update(id, { ...settings, revision, service: refusing })
  expect((await run(send(), { phone: PHONE })).output).toBe('failed')
  expect((await run(send({ method: 'gone' }), { phone: PHONE })).error).toMatchObject({ code: 'NOT_FOUND' })
})
