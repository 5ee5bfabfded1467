import { describe, expect, test } from 'vitest'
import { messageRenderer } from '../../../nodes/message-templates/render-message.ts'
import { CONTENT_SID, sampleTemplate, services } from './sample-template.ts'

const values = { device: 'Pump 7', reason: 'pressure' }

describe('each person reads their own language', () => {
  test('from a service that sends texts', () => {
    const render = messageRenderer(sampleTemplate(), services.sns, values)
    expect(render({ locale: 'zh-CN' })).toEqual({
      body: { text: '设备Pump 7需要处理：pressure' },
      locale: 'zh-CN',
    })
    expect(render({ locale: 'fr' })).toMatchObject({ body: { text: 'Pump 7 needs help: pressure' } })
  })

  test('from Alibaba, under the names of its template', () => {
    const render = messageRenderer(sampleTemplate(), services.alibaba, values)
    const templateVariables = { device: 'Pump 7', text: 'pressure' }
    expect(render({ locale: 'en' })).toMatchObject({
      body: { templateCode: 'SMS_100001', templateVariables },
    })
    expect(render({ locale: 'zh' })).toMatchObject({
      body: { templateCode: 'SMS_100002', templateVariables },
    })
  })

  test('from Twilio, as a content template', () => {
    const binding = { contentSid: CONTENT_SID, variables: { '1': 'device' } }
    const bindings = { tw: { kind: 'twilio-content', byLocale: { en: binding } } }
    const render = messageRenderer(sampleTemplate({ bindings }), services.twilio, values)
    expect(render({ locale: 'zh-CN' })).toMatchObject({
      body: { contentSid: CONTENT_SID, contentVariables: { '1': 'Pump 7' } },
      locale: 'en',
    })
  })

  test('equal readers get one and the same message', () => {
    const render = messageRenderer(sampleTemplate(), services.sns, values)
    expect(render({ locale: 'en' })).toBe(render({ locale: 'en' }))
    expect(render({ locale: 'en', timeZone: 'Asia/Tokyo' })).toBe(render({ locale: 'fr', timeZone: 'UTC' }))
  })

  test('what is read is what the provider has, and not known where nobody has read it there', () => {
    const variables = { device: 'device' }
    const byLocale = { en: { templateCode: 'SMS_1', variables, text: 'Look at ${device}' } }
    const bindings = { ali: { kind: 'alibaba-template', byLocale } }
    const render = messageRenderer(sampleTemplate({ bindings }), services.alibaba, values)
    expect(render({})).toMatchObject({ body: { shown: 'Look at Pump 7' } })
    expect(messageRenderer(sampleTemplate(), services.alibaba, values)({})).toEqual({
      body: { templateCode: 'SMS_100001', templateVariables: { device: 'Pump 7', text: 'pressure' } },
      locale: 'en',
    })
  })

  test('a date follows the person within the language, never beyond it', () => {
    const placeholders = [{ name: 'at', type: 'date-time' }]
    const template = sampleTemplate({ placeholders, texts: { en: 'At ${at}' }, bindings: {} })
    const render = messageRenderer(template, services.sns, { at: '2026-08-01T09:30' })
    expect(render({ locale: 'en-GB' })).toMatchObject({ body: { text: 'At 1 Aug 2026, 09:30' } })
    expect(render({ locale: 'de' })).toMatchObject({ body: { text: 'At Aug 1, 2026, 9:30 AM' } })
  })
})

describe('nothing is made', () => {
  const render = (
    service: (typeof services)[keyof typeof services],
    changes: object = {},
    given: Parameters<typeof messageRenderer>[2] = values,
    locale = 'en',
  ) => messageRenderer(sampleTemplate(changes as never), service, given)({ locale })

  test.each([
    ['a value is missing', services.sns, {}, { device: 'Pump 7' }, 'valueMissing'],
    ['a value is nothing', services.sns, {}, { device: 'Pump 7', reason: null }, 'valueMissing'],
    ['a value is too long', services.sns, {}, { ...values, device: 'x'.repeat(21) }, 'valueTooLong'],
    ['Alibaba finds a link', services.alibaba, {}, { ...values, reason: 'www.a.cn' }, 'valueHasUrl'],
    ['Alibaba finds it long', services.alibaba, {}, { ...values, reason: 'x'.repeat(36) }, 'valueTooLong'],
    ['a login code is none', services.alibaba, { category: 'login-code' }, values, 'valueNotLoginCode'],
    ['the service has no code', services.alibaba, { bindings: {} }, values, 'unbound'],
    ['the text uses what is not declared', services.sns, { texts: { en: '${else}' } }, values, 'undeclared'],
    ['there is no text', services.sns, { texts: {} }, values, 'textMissing'],
    ['the text is empty', services.sns, { texts: { en: ' ' } }, values, 'textMissing'],
  ])('where %s', (_, service, changes, given, key) => {
    expect(render(service, changes, given)).toMatchObject({ problem: { severity: 'error', key } })
  })

  test('where the text grows too long, and only for those who read that language', () => {
    const texts = { en: '${reason}', 'zh-CN': '好' }
    const long = { device: 'x', reason: 'x'.repeat(1_601) }
    expect(render(services.sns, { texts }, long)).toMatchObject({
      problem: { key: 'textTooLong', params: { locale: 'en', length: 1_601, limit: 1_600 } },
    })
    expect(render(services.sns, { texts }, long, 'zh-CN')).toMatchObject({ body: { text: '好' } })
  })

  test('where names differ from the template at Alibaba', () => {
    const entry = { templateCode: 'SMS_1', text: '${device}: ${text}' }
    const bound = (variables: object) => ({
      bindings: { ali: { kind: 'alibaba-template', byLocale: { en: { ...entry, variables } } } },
    })
    expect(render(services.alibaba, bound({ device: 'device' }))).toMatchObject({
      problem: { key: 'notMapped', params: { name: 'text' } },
    })
    const tooMany = bound({ device: 'device', text: 'reason', cause: 'reason' })
    expect(render(services.alibaba, tooMany)).toMatchObject({
      problem: { key: 'notAtProvider', params: { name: 'cause' } },
    })
  })

  test('never reads what the values inherit', () => {
    const template = sampleTemplate({ placeholders: [{ name: 'toString' }], texts: { en: '${toString}' } })
    expect(messageRenderer(template, services.sns, {})({})).toMatchObject({
      problem: { key: 'valueMissing' },
    })
  })
})
