import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { approval, member, processGraph, publishProcess } from '../support/approvals.ts'
import { addMember, openRuntime, twilioService } from '../support/open-runtime.ts'
import { newFolder } from '../support/product.ts'
import { requestProgram } from './boundary-program.ts'
import { dieAtEachBoundary } from './each-boundary.ts'
import { report, size } from './size.ts'
import { startTruth, takenTexts } from './truth.ts'

const environment = { SMS_LOGIC_KEY: randomBytes(32).toString('base64') }
const PHONES = ['+12025550101', '+12025550102', '+12025550103']

it(
  'asks and texts each approver once, and counts each decision once, whenever the server dies',
  { timeout: 480_000 },
  async () => {
    const sandbox = await startTruth()
    const prepared = newFolder()
    const runtime = await openRuntime({ data: prepared, sandbox: false, environment })
    const people = ['Ann', 'Ben', 'Cid'].map((name, at) => addMember(runtime, name, PHONES[at]!))
    const sms = {
      ...{ sms: true, service: twilioService(runtime, { endpoint: sandbox.url }), variables: {} },
      templateText: '${userNick}: ${processTitle}',
    }
    publishProcess(
      runtime,
      processGraph({
        chief: approval([member(people[1]!)], sms, { approved: 'board' }),
        board: approval([member(people[2]!)], sms),
      }),
    )
    await runtime.close()

    let uncertain = 0
    const deaths = await dieAtEachBoundary(
      prepared,
      (data, kill) => requestProgram({ data, people, environment }, kill),
      async ({ place, data, finished }) => {
        const taken = takenTexts(sandbox)
        const opened = await openRuntime({ data, sandbox: false, environment })
        const view = await opened.requests.view(finished.id, { member: null, mayOperate: true })
        await opened.close()
        expect(view.state, place).toBe('approved')
        const kinds = view.history.map(({ kind }) => kind)
        expect(kinds, place).toEqual(['initiated', 'asked', 'approved', 'asked', 'approved', 'ended'])
        expect(view.texts, place).toHaveLength(2)
        for (const [at, { person, message }] of view.texts.entries()) {
          const times = taken.get(`${PHONES[at + 1]} ${person.name}: Ann: 3 days`) ?? 0
          // decided before its text was handed over
          if (!message) expect(times, `${place}: not texted any more`).toBe(0)
          else if (message.state === 'accepted') expect(times, `${place}: accepted and taken`).toBe(1)
          else {
            expect([message.state, times <= 1], `${place}: uncertain, and at most once`).toEqual([
              'unknown',
              true,
            ])
            uncertain++
          }
        }
      },
      () => sandbox.clear(),
      size(5, 1),
    )
    report('a request and death at every boundary', { deaths, uncertain })
    expect(deaths).toBeGreaterThanOrEqual(8)
    expect(uncertain).toBeLessThan(deaths)
    await sandbox.close()
  },
)
