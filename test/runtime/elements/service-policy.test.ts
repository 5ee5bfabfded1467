import { describe, expect, it } from 'vitest'
import { FieldsError } from '../../../nodes/errors.ts'
import { sandboxServices } from '../../../runtime/sandbox/accounts.ts'
import { openStores } from '../open-stores.ts'

const real = {
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: 'a-real-looking-token',
  fromNumber: '+12025550123',
}

function openServices() {
  const { services } = openStores()
  const create = (name: string, policy?: Record<string, unknown>, settings: object = real) =>
    services.create({ name, provider: 'twilio', settings: { ...settings }, ...(policy && { policy }) })
  const change = (id: string, policy: Record<string, unknown> | undefined, settings: object = real) => {
    const { revision, name } = services.get(id)
    return services.update(id, { revision, name, settings: { ...settings }, ...(policy && { policy }) })
  }
  return { services, create, change }
}

function refusals(work: () => unknown): Record<string, string | undefined> {
  try {
    work()
  } catch (error) {
    if (error instanceof FieldsError) {
      return Object.fromEntries(error.fields.map(({ path, key }) => [path, key]))
    }
    throw error
  }
  return {}
}

describe('test mode', () => {
  it('is on for a new real service, also where the rest of a policy is given, and off in the sandbox', () => {
    const { create } = openServices()
    expect(create('Real').policy.testMode).toBe(true)
    expect(create('Limited', { ratePerSecond: 5 }).policy).toMatchObject({ testMode: true, ratePerSecond: 5 })
    expect(create('Live', { testMode: false }).policy.testMode).toBe(false)
    expect(create('Sandbox', undefined, sandboxServices.twilio).policy.testMode).toBe(false)
  })

  it('goes on when a service leaves the sandbox, and stays as it is otherwise', () => {
    const { create, change } = openServices()
    const { id } = create('Texts', { dailyMessages: 10 }, sandboxServices.twilio)
    expect(change(id, undefined).policy).toMatchObject({ testMode: true, dailyMessages: 10 })
    expect(change(id, { testMode: false }).policy).toMatchObject({ testMode: false })
    expect(change(id, undefined).policy.testMode).toBe(false)
  })
})

it('names each refused field of a policy', () => {
  const { create } = openServices()
  const policy = {
    ratePerSecond: 0,
    burst: 1.5,
    countries: ['CN', 'germany'],
    testNumbers: ['0207'],
    dailyMessages: 0,
    quietFrom: '9 pm',
    timeZone: 'Mars/Olympus',
    maxAttempts: 6,
    tempo: 1,
  }
  expect(refusals(() => create('Texts', policy))).toEqual({
    'policy/ratePerSecond': 'tooSmall',
    'policy/burst': 'number',
    'policy/countries/1': 'country',
    'policy/testNumbers/0': 'phone',
    'policy/dailyMessages': 'tooSmall',
    'policy/quietFrom': 'timeOfDay',
    'policy/timeZone': 'timeZone',
    'policy/maxAttempts': 'tooLarge',
    'policy/tempo': 'unknownField',
  })
})

it('refuses settings that contradict each other', () => {
  const { create } = openServices()
  expect(refusals(() => create('A', { quietFrom: '21:00' }))).toEqual({ 'policy/quietUntil': 'required' })
  expect(refusals(() => create('A', { quietFrom: '21:00', quietUntil: '21:00' }))).toEqual({
    'policy/quietUntil': 'quietHoursEmpty',
  })
  expect(refusals(() => create('A', { firstDelaySeconds: 10, maxDelaySeconds: 5 }))).toEqual({
    'policy/maxDelaySeconds': 'delayBelowFirst',
  })
})

describe('the fail-over service', () => {
  it('must exist and never lead back', () => {
    const { create, change } = openServices()
    const c = create('C')
    const b = create('B', { fallback: c.id })
    const a = create('A', { fallback: b.id })
    expect(refusals(() => change(c.id, { fallback: a.id }))).toEqual({ 'policy/fallback': 'fallbackLoop' })
    expect(refusals(() => change(c.id, { fallback: c.id }))).toEqual({ 'policy/fallback': 'fallbackLoop' })
    expect(refusals(() => create('D', { fallback: 'gone' }))).toEqual({
      'policy/fallback': 'fallbackMissing',
    })
  })

  it('cannot be deleted while it takes over for another', () => {
    const { services, create, change } = openServices()
    const b = create('B')
    const a = create('A', { fallback: b.id })
    expect(() => services.delete(b.id)).toThrow(/takes over for: A/)
    expect(services.summary(a.id)).toMatchObject({ fallback: b.id, testMode: true })
    change(a.id, { fallback: null })
    services.delete(b.id)
  })
})
