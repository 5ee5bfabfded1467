import { describe, expect, it } from 'vitest'
import { ErrorCode, FieldsError } from '../../../nodes/errors.ts'
import { openStores } from '../open-stores.ts'

const canary = 'canary-5f1b0c-secret'
const twilio = {
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: canary,
  fromNumber: '+12025550123',
}
const { authToken: _, ...withoutSecret } = twilio

function openWithService(environment: Record<string, string> = {}) {
  const stores = openStores(environment)
  const service = stores.services.create({ name: 'Texts', provider: 'twilio', settings: twilio })
  return { ...stores, service }
}

describe('secrets', () => {
  it('come out for the engine alone; everybody else learns the last four characters', () => {
    const { services, service, database } = openWithService()
    expect(service.secrets).toEqual({ authToken: { set: true, last4: 'cret' } })
    expect(JSON.stringify([service, services.list(), services.summaries()])).not.toContain(canary)
    expect(services.open(service.id).settings).toMatchObject(twilio)
    const stored = JSON.stringify([
      database.prepare('SELECT * FROM sms_services').all(),
      database.prepare('SELECT * FROM service_secrets').all(),
    ])
    expect(stored).not.toContain(canary)
  })

  it('say nothing of a short secret', () => {
    const { services } = openStores()
    const service = services.create({
      name: 'Texts',
      provider: 'twilio',
      settings: { ...twilio, authToken: 'short' },
    })
    expect(service.secrets.authToken).toEqual({ set: true, last4: '' })
  })

  it('stay where they are left out', () => {
    const { services, service } = openWithService()
    const settings = { ...withoutSecret, fromNumber: '+12025550124' }
    const changed = services.update(service.id, { revision: 1, name: 'Renamed', settings })
    expect(changed).toMatchObject({ revision: 2, name: 'Renamed', secrets: service.secrets })
    expect(services.open(service.id).settings).toMatchObject({ ...settings, authToken: canary })
  })

  it.each(['https://collector.example', 'http://127.0.0.1:9', 'sandbox'])(
    'must be typed again before they go to %s',
    (endpoint) => {
      const { services, service } = openWithService()
      const settings = { ...withoutSecret, endpoint }
      expect(fieldsOf(() => services.update(service.id, { revision: 1, name: 'Texts', settings }))).toEqual([
        expect.objectContaining({ path: 'settings/authToken', key: 'required' }),
      ])
      expect(services.get(service.id)).toEqual(service)
      const typed = { ...settings, authToken: 'typed-once-more-9876' }
      services.update(service.id, { revision: 1, name: 'Texts', settings: typed })
      expect(services.open(service.id).settings).toMatchObject(typed)
    },
  )

  it('cannot be read after the endpoint was changed behind our back', () => {
    const { services, service, database } = openWithService()
    const settings = JSON.stringify({ ...service.settings, endpoint: 'https://collector.example' })
    database.prepare('UPDATE sms_services SET settings = ?').run(settings)
    expect(() => services.open(service.id)).toThrow(
      expect.objectContaining({ code: ErrorCode.SecretUnreadable }),
    )
  })

  it('are removed by null where they are optional, and only there', () => {
    const { services } = openStores()
    const alibaba = { accessKey: 'LTAIexample00', accessSecret: canary, verifySign: 'Sign' }
    const service = services.create({
      name: 'Aliyun',
      provider: 'alibaba',
      settings: { ...alibaba, securityToken: canary },
    })
    const { accessSecret: _, ...kept } = alibaba
    const settings = { ...kept, securityToken: null }
    const changed = services.update(service.id, { revision: 1, name: 'Aliyun', settings })
    expect(Object.keys(changed.secrets)).toEqual(['accessSecret'])
    const without = { ...kept, accessSecret: null }
    expect(
      fieldsOf(() => services.update(service.id, { revision: 2, name: 'A', settings: without })),
    ).toEqual([expect.objectContaining({ path: 'settings/accessSecret', key: 'required' })])
  })

  it('may be references, resolved when they are used', () => {
    const environment: Record<string, string> = { SMS_LOGIC_SECRET_TWILIO: canary }
    const { services } = openStores(environment)
    const settings = { ...twilio, authToken: 'env:SMS_LOGIC_SECRET_TWILIO' }
    const service = services.create({ name: 'Texts', provider: 'twilio', settings })
    expect(service.secrets.authToken).toEqual({ set: true, last4: '', reference: settings.authToken })
    expect(services.open(service.id).settings).toMatchObject({ authToken: canary })
    delete environment.SMS_LOGIC_SECRET_TWILIO
    expect(() => services.open(service.id)).toThrow(
      expect.objectContaining({ code: ErrorCode.SecretUnreadable }),
    )
  })
})

describe('settings', () => {
  it('are refused field by field', () => {
    const { services } = openStores()
    const settings = { accountSid: 'AC1', authToken: canary, colour: 'red' }
    const fields = fieldsOf(() => services.create({ name: 'Texts', provider: 'twilio', settings }))
    expect(fields.map(({ path, key }) => [path, key])).toEqual(
      expect.arrayContaining([
        ['settings/accountSid', 'twilioAccountSid'],
        ['settings/colour', 'unknownField'],
      ]),
    )
    expect(JSON.stringify(fields)).not.toContain(canary)
    expect(services.list()).toEqual([])
  })

  it('are not overwritten by somebody who saw an older state', () => {
    const { services, service } = openWithService()
    services.update(service.id, { revision: 1, name: 'First', settings: withoutSecret })
    expect(() =>
      services.update(service.id, { revision: 1, name: 'Second', settings: withoutSecret }),
    ).toThrow(expect.objectContaining({ code: ErrorCode.Conflict }))
    expect(services.get(service.id).name).toBe('First')
  })

  it('need a name of their own', () => {
    const { services } = openWithService()
    const again = { name: 'TEXTS', provider: 'twilio', settings: twilio } as const
    expect(fieldsOf(() => services.create(again))).toEqual([
      expect.objectContaining({ path: 'name', key: 'duplicate' }),
    ])
  })
})

describe('use', () => {
  const sms = (id: string, service: string) => ({
    id,
    type: 'sms-notification',
    typeVersion: 1,
    position: { x: 0, y: 0 },
    params: { recipients: [], service, variables: {} },
  })

  it('is found in drafts and in what callers get, and keeps a service from being deleted', () => {
    const { services, functions, service } = openWithService()
    const saved = functions.create({ title: 'Published' })
    const drafted = functions.create({ title: 'Drafted' })
    const unsaved = { ...drafted.graph, nodes: [...drafted.graph.nodes, sms('b', service.id)] }
    functions.save(saved.name, {
      revision: 1,
      graph: { ...saved.graph, nodes: [sms('a', service.id), sms('c', 'x')] },
    })
    functions.publish(saved.name, { revision: 2, check: () => undefined })
    functions.save(saved.name, { revision: 2, graph: saved.graph })
    functions.save(drafted.name, { revision: 1, graph: unsaved })
    expect(services.usage(service.id)).toEqual([
      { functionName: 'drafted', functionTitle: 'Drafted', nodeId: 'b' },
      { functionName: 'published', functionTitle: 'Published', nodeId: 'a' },
    ])
    expect(() => services.delete(service.id)).toThrow(expect.objectContaining({ code: ErrorCode.InUse }))
    functions.delete(saved.name)
    functions.delete(drafted.name)
    services.delete(service.id)
    expect(services.summary(service.id)).toBeUndefined()
  })

  it('is told when a service changes, so that its client can be dropped', () => {
    const { services, service } = openWithService()
    const told: string[] = []
    const stop = services.onChange((id) => told.push(id))
    services.update(service.id, { revision: 1, name: 'Renamed', settings: withoutSecret })
    expect(services.summary(service.id)?.name).toBe('Renamed')
    services.delete(service.id)
    stop()
    services.create({ name: 'Other', provider: 'twilio', settings: twilio })
    expect(told).toEqual([service.id, service.id])
  })
})

function fieldsOf(work: () => unknown): FieldsError['fields'] {
  try {
    work()
  } catch (error) {
    if (error instanceof FieldsError) return error.fields
    throw error
  }
  throw new Error('nothing was refused')
}
