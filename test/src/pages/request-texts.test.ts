import { ref } from 'vue'
import { describe, expect, it } from 'vitest'
import { requestEventKinds, requestStates, taskStates } from '../../../nodes/api/approvals.ts'
import type { RequestEvent } from '../../../nodes/api/approvals.ts'
import { givenPlaceholders } from '../../../nodes/approval/sms-text.ts'
import { eventPlace, eventText, formValueText, namesText } from '../../../src/approvals/request-texts.ts'
import { textAt, translate, type Texts } from '../../../src/i18n/translate.ts'
import english from '../../../src/locales/approvals.en.json' with { type: 'json' }
import { readFilter, writeFilter } from '../../../src/pages/requests/request-filter.ts'

const texts: Texts = { ...english, function: { typed: { yes: 'Yes', no: 'No' } } }
const i18n = {
  t: (key: string, params?: Record<string, string | number>) => translate(texts, 'en', key, params) ?? key,
  locale: ref('en' as const),
}
const person = (name: string) => ({ member: name, name })
const event: RequestEvent = {
  kind: 'approved',
  at: '',
  by: null,
  for: null,
  step: '',
  people: [],
  comment: '',
  to: '',
}

describe('there is a text for', () => {
  it.each([
    ...requestEventKinds.map((kind) => `approvals.events.${kind}`),
    ...requestStates.map((state) => `approvals.badges.${state}`),
    ...requestStates.map((state) => `approvals.request.ended.${state}`),
    ...taskStates.map((state) => `approvals.tasks.${state}`),
    ...givenPlaceholders.map((name) => `approvals.given.${name}`),
  ])('%s', (key) => expect(textAt(texts, key)).toEqual(expect.any(String)))
})

describe('the history', () => {
  it('says who did it, on whose behalf, and whom it is about', () => {
    const by = person('Fatima')
    expect(eventText({ ...event, by }, i18n)).toBe('Fatima approved')
    expect(eventText({ ...event, by, for: person('George') }, i18n)).toBe('Fatima for George approved')
    expect(eventText({ ...event, kind: 'transferred', by, people: [person('Hana')] }, i18n)).toBe(
      'Fatima handed it over to Hana',
    )
  })

  it('says where it led', () => {
    expect(eventPlace({ ...event, kind: 'returned', to: '' }, i18n)).toBe('to the initiator')
    expect(eventPlace({ ...event, kind: 'ended', to: 'rejected' }, i18n)).toBe('as: Rejected')
    expect(eventPlace({ ...event }, i18n)).toBe('')
  })
})

it('writes the values of a form as people read them', () => {
  expect(formValueText(true, 'boolean', i18n)).toBe('Yes')
  expect(formValueText(1234.5, 'number', i18n)).toBe('1,234.5')
  expect(formValueText('2027-01-04', 'datetime', i18n)).toBe('Jan 4, 2027')
  expect(formValueText([{ kind: 'member', id: 'a', name: 'Amara' }], 'members', i18n)).toBe('Amara')
  expect(formValueText(null, 'text', i18n)).toBe('')
  expect(namesText(['Amara', 'Ben', 'Chen'].map(person), 'en')).toBe('Amara, Ben, and Chen')
})

it('keeps what the requests are filtered by in the address', () => {
  const filter = { text: 'leave', state: 'running', process: 'leave', paused: true } as const
  expect(readFilter(writeFilter(filter))).toEqual(filter)
  expect(readFilter('state=nonsense&paused=1')).toEqual({
    text: '',
    state: null,
    process: null,
    paused: false,
  })
})
