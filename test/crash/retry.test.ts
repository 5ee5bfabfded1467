import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { flow, returns, sms } from '../support/flow.ts'
import { addMember, openRuntime, twilioService } from '../support/open-runtime.ts'
import { newFolder } from '../support/product.ts'
import { retryProgram } from './boundary-program.ts'
import { dieAtEachBoundary } from './each-boundary.ts'
import { report } from './size.ts'
import { messagesOf, startTruth, takenTexts } from './truth.ts'

const environment = { SMS_LOGIC_KEY: randomBytes(32).toString('base64') }
const ADA = '+12025550101'
const BO = '+12025550102'
const ZOE = '+12025550103'
/** The sandbox refuses them. */
const REFUSED = ['+15005550001', '+15005550009']

it(
  'texts nobody twice by a retry from the failed step, whenever the server dies in it',
  { timeout: 240_000 },
  async () => {
    const sandbox = await startTruth()
    const prepared = newFolder()
    const runtime = await openRuntime({ data: prepared, sandbox: false, environment })
    // The provider refuses two of three, so the step fails; then they get other numbers.
    const people = [ADA, ...REFUSED].map((phone, at) => addMember(runtime, `Person ${at}`, phone))
    const service = twilioService(runtime, { endpoint: sandbox.url })
    const { params } = sms('', service)
    const recipients = people.map((id) => ({ kind: 'member', id }))
    const graph = flow(
      {
        before: { ...sms(people[0]!, service, 'First'), to: { sent: 'all' } },
        all: {
          type: 'sms-notification',
          params: { ...params, recipients, success: { kind: 'all' } },
          to: { sent: 'end' },
        },
        end: returns('nodes.all.counts.accepted'),
      },
      { name: 'boundary' },
    )
    const failed = await (await runtime.startRun({ graph, input: {}, trigger: 'library' })).finished
    expect(failed.status).toBe('failed')
    expect([...takenTexts(sandbox).values()]).toEqual([1, 1])
    for (const [at, phone] of [BO, ZOE].entries()) {
      const name = `Person ${at + 1}`
      runtime.directory.memberStore.update(people[at + 1]!, {
        ...{ name, phone, status: 'in-service', departments: [] },
      })
    }
    await runtime.close()

    const ends: Record<string, number> = {}
    const deaths = await dieAtEachBoundary(
      prepared,
      (data, kill) => retryProgram({ data, runId: failed.id, environment }, kill),
      ({ place, finished }) => {
        expect(finished, place).toMatchObject({ source: { run: failed.id, kind: 'retry' } })
        const taken = takenTexts(sandbox)
        // what was sent before stands in the run, and was not sent again
        const again = [...taken.keys()].filter((text) => text.includes(ADA))
        expect(again, `${place}: texted before`).toEqual([])
        const own = messagesOf(finished).filter(({ id }) => id.startsWith(finished.id))
        expect(own, place).toHaveLength(2)
        for (const { name, state } of own) {
          const phone = name === 'Person 1' ? BO : ZOE
          const times = taken.get(`${phone} Pump 7`) ?? 0
          if (state === 'accepted') expect(times, `${place}: accepted and taken`).toBe(1)
          else expect([state, times <= 1], `${place}: uncertain, and at most once`).toEqual(['unknown', true])
          ends[state] = (ends[state] ?? 0) + 1
        }
      },
      () => sandbox.clear(),
    )
    await sandbox.close()
    report('death at every boundary of a retry', { deaths, ends })
    expect(deaths).toBeGreaterThanOrEqual(6)
    expect(ends['unknown']).toBeGreaterThan(0)
  },
)
