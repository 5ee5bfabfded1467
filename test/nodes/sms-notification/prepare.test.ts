import { describe, expect, test } from 'vitest'
import { refuseTooMany } from '../../../nodes/directory/refuse-too-many.ts'
import type { Directory, Member } from '../../../nodes/directory/schema.ts'
import { smsNotification } from '../../../nodes/sms-notification/definition.ts'
import {
  chosenService,
  planMessages,
  prepareTexts,
  selectPeople,
} from '../../../nodes/sms-notification/prepare.ts'
import type { PrepareContext } from '../../../nodes/sms-notification/prepare.ts'
import { recipientSources } from '../../support/recipient-sources.ts'

const people: Member[] = [
  { id: 'ada', name: 'Ada', phone: '+447700900001', status: 'in-service', departments: [] },
  { id: 'bob', name: 'Bob', phone: '', status: 'in-service', departments: [] },
  { id: 'cem', name: 'Cem', phone: '+905320000001', status: 'in-service', departments: [] },
]

const directory: Directory = {
  members: async (ids) => people.filter(({ id }) => ids.includes(id)),
  membersOf: async () => [],
  departments: async () => [],
  roles: async () => [],
}

function contextOf(more: Partial<PrepareContext> = {}): PrepareContext {
  return {
    ...recipientSources(directory, { device: 'Pump 7' }),
    smsService: (id) => (id === 'gone' ? undefined : { id, name: 'Test', provider: 'twilio', sandbox: true }),
    messageTemplate: () => undefined,
    ...more,
  }
}

const params = (more: object = {}) =>
  smsNotification.params.parse({
    recipients: people.map(({ id }) => ({ kind: 'member', id })),
    service: 'service-1',
    templateText: '${device} stopped',
    variables: { device: { kind: 'variable', path: 'device' } },
    ...more,
  })

async function plan(context: PrepareContext) {
  const service = chosenService(params(), context)
  const texts = prepareTexts(params(), service, context)
  return planMessages(await selectPeople(params(), context), texts, service, context)
}

describe('a prepared SMS step', () => {
  test('plans one message per person, skipped ones with their reason', async () => {
    expect(await plan(contextOf())).toMatchObject([
      { memberId: 'ada', text: 'Pump 7 stopped', serviceId: 'service-1' },
      { memberId: 'bob', skipped: 'no-phone' },
      { memberId: 'cem', text: 'Pump 7 stopped' },
    ])
  })

  test('asks the send policy of the service about everybody who is not skipped already', async () => {
    const asked: string[] = []
    const suppression: PrepareContext['suppression'] = (serviceId) => (message) => {
      asked.push(`${serviceId} ${message.memberId} ${message.text}`)
      return message.phone.startsWith('+90') ? 'country-not-allowed' : undefined
    }
    const messages = await plan(contextOf({ suppression }))
    expect(messages.map(({ skipped }) => skipped)).toEqual([undefined, 'no-phone', 'country-not-allowed'])
    expect(asked).toEqual(['service-1 ada Pump 7 stopped', 'service-1 cem Pump 7 stopped'])
  })

  test('gives everybody who reads the same the same object', async () => {
    const [person] = await selectPeople(params(), contextOf())
    const texts = prepareTexts(params(), chosenService(params(), contextOf()), contextOf())
    expect(texts.bodyFor(person!)).toBe(texts.bodyFor({ ...person!, memberId: 'cem' }))
  })

  test('names the variable that has no value', () => {
    const service = chosenService(params(), contextOf())
    const empty = params({ variables: { device: { kind: 'fixed', value: null } } })
    expect(() => prepareTexts(empty, service, contextOf())).toThrow('"device" has no value')
    expect(() => prepareTexts(params({ variables: {} }), service, contextOf())).toThrow(/"device"/)
  })

  test('refuses a service that is gone, and more people than a step may text', async () => {
    const [person] = await selectPeople(params(), contextOf())
    expect(() => chosenService(params({ service: 'gone' }), contextOf())).toThrow(/does not exist any more/)
    const crowd = Array.from({ length: 1_001 }, () => person!)
    expect(() => refuseTooMany(crowd, 1_000)).toThrow('1001 people')
    expect(() => refuseTooMany(crowd, 1_001)).not.toThrow()
  })
})
