import { describe, expect, test } from 'vitest'
import { checkTemplate } from '../../../nodes/message-templates/check-template.ts'
import { templateUseProblems } from '../../../nodes/message-templates/check-use.ts'
import { templateContent } from '../../../nodes/message-templates/schema.ts'
import { CONTENT_SID, sampleTemplate, services } from './sample-template.ts'

const all = Object.values(services)
const problemsOf = (changes: object) =>
  checkTemplate(sampleTemplate(changes as never), all).map(({ severity, key, place }) => ({
    severity,
    key,
    place,
  }))

describe('a template', () => {
  test('that is complete has no problem', () => {
    expect(problemsOf({})).toEqual([])
  })

  test('names the placeholders that its texts lack and those that nothing uses', () => {
    const texts = { en: '${device} ${gone}' }
    expect(problemsOf({ texts, bindings: {} })).toEqual([
      { severity: 'error', key: 'undeclared', place: 'texts/en' },
      { severity: 'warning', key: 'unused', place: 'placeholders/reason' },
    ])
  })

  test('needs a text in its default language, unless all its words live at providers', () => {
    expect(problemsOf({ texts: { de: '${device} ${reason}' } })).toEqual([
      { severity: 'error', key: 'textMissing', place: 'texts/en' },
    ])
    expect(problemsOf({ texts: {} })).toEqual([])
    expect(problemsOf({ texts: {}, bindings: {} })).toContainEqual(
      expect.objectContaining({ key: 'textMissing' }),
    )
  })

  test('says what Alibaba would refuse', () => {
    const placeholders = [
      { name: 'device', type: 'url' },
      { name: 'reason', required: false, sample: 'x'.repeat(36) },
    ]
    expect(problemsOf({ placeholders }).map(({ severity, key }) => `${severity} ${key}`)).toEqual([
      'error urlForbidden',
      'warning optionalForbidden',
      'error urlForbidden',
      'warning optionalForbidden',
      'warning valueHasUrl',
      'warning valueTooLong',
    ])
  })

  test('warns of a sample that is not of its type, and of a text that grows too long', () => {
    const placeholders = [
      { name: 'device', type: 'number', sample: 'Pump' },
      { name: 'reason', sample: 'x'.repeat(1_600) },
    ]
    expect(problemsOf({ placeholders, bindings: {} })).toEqual([
      { severity: 'warning', key: 'notNumber', place: 'placeholders/device' },
      { severity: 'error', key: 'textTooLong', place: 'texts/en' },
      { severity: 'error', key: 'textTooLong', place: 'texts/zh-CN' },
    ])
  })

  test('names what a loaded content template misses, and what it has not', () => {
    const entry = { contentSid: CONTENT_SID, variables: { '1': 'device', '3': 'reason' } }
    const bound = (more: object) => ({
      bindings: { tw: { kind: 'twilio-content', byLocale: { en: { ...entry, ...more } } } },
    })
    expect(problemsOf(bound({}))).toEqual([])
    expect(problemsOf(bound({ text: '{{1}} needs help: {{2}}' }))).toEqual([
      { severity: 'error', key: 'notMapped', place: 'bindings/tw/en' },
      { severity: 'error', key: 'notAtProvider', place: 'bindings/tw/en' },
    ])
  })

  test('names bindings that lead nowhere', () => {
    const binding = { kind: 'alibaba-template', byLocale: { fr: { variables: { a: 'nope', b: '' } } } }
    expect(problemsOf({ bindings: { ali: binding, tw: binding, gone: binding } })).toEqual([
      { severity: 'error', key: 'bindingMissing', place: 'bindings/ali' },
      { severity: 'error', key: 'codeMissing', place: 'bindings/ali/fr' },
      { severity: 'error', key: 'mapsUndeclared', place: 'bindings/ali/fr' },
      { severity: 'error', key: 'notMapped', place: 'bindings/ali/fr' },
      { severity: 'error', key: 'bindingUnfit', place: 'bindings/tw' },
      { severity: 'warning', key: 'serviceGone', place: 'bindings/gone' },
    ])
  })
})

describe('the schema refuses', () => {
  test.each([
    ['two placeholders of one name', { placeholders: [{ name: 'a' }, { name: 'a' }] }, 'duplicate'],
    ['a language that is none', { texts: { English: 'Hello' } }, 'locale'],
    ['a name that formulas cannot use', { placeholders: [{ name: '1a' }] }, 'name'],
    [
      'a content SID that is none',
      { bindings: { tw: { kind: 'twilio-content', byLocale: { en: { contentSid: 'HX12' } } } } },
      'twilioContentSid',
    ],
  ])('%s', (_, changes, message) => {
    const parsed = templateContent.safeParse({ name: 'Shift alarm', ...changes })
    expect(JSON.stringify(parsed.error?.issues)).toContain(message)
  })
})

describe('a node that sends a template', () => {
  const template = { ...sampleTemplate(), id: 't', revision: 1, updated: '' }
  const inputs = [
    { name: 'what', title: '', type: 'text', required: true },
    { name: 'parts', title: '', type: 'list', required: true },
  ] as const
  const problems = (variables: object, changes: object = {}, service = 'twilio') =>
    templateUseProblems(
      { ...template, ...changes },
      services[service as 'twilio'],
      variables as never,
      inputs,
    ).map(({ severity, key, field }) => `${severity} ${key} ${field}`)
  const fixed = (value: unknown) => ({ kind: 'fixed', value })
  const variable = (path: string) => ({ kind: 'variable', path })

  test('gives each placeholder a value, and no other', () => {
    expect(problems({ device: fixed('Pump 7'), reason: variable('what') })).toEqual([])
    expect(problems({ device: fixed(''), extra: fixed('x') })).toEqual([
      'error template.valueMissing variables/device',
      'error template.valueMissing variables/reason',
      'warning template.valueUnknown variables/extra',
    ])
  })

  test('gives it a value that fits', () => {
    const placeholders = [
      { name: 'device', type: 'number', sample: '', required: true },
      { name: 'reason', type: 'text', sample: '', required: true },
    ]
    expect(problems({ device: variable('what'), reason: variable('parts') }, { placeholders })).toEqual([
      'warning template.mayNotFit variables/device',
      'error template.notText variables/reason',
    ])
    expect(problems({ device: fixed('x'), reason: fixed('y') }, { placeholders })).toEqual([
      'error template.notNumber variables/device',
    ])
  })

  test('obeys the rules of its service', () => {
    const reason = fixed('see www.example.com')
    expect(problems({ device: fixed('Pump 7'), reason })).toEqual([])
    expect(problems({ device: fixed('Pump 7'), reason }, {}, 'alibaba')).toEqual([
      'error template.valueHasUrl variables/reason',
    ])
    expect(problems({ device: fixed('a'), reason: fixed('b') }, { bindings: {} }, 'alibaba')).toEqual([
      'error template.unbound template',
    ])
  })
})
