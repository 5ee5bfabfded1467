import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { smsGraph } from '../support/graphs.ts'
import { addMember, openRuntime, twilioService } from '../support/open-runtime.ts'
import { newFolder } from '../support/product.ts'
import { runProgram } from './boundary-program.ts'
import { dieAtEachBoundary } from './each-boundary.ts'
import { report } from './size.ts'
import { countStates, messagesOf, startTruth, takenTexts } from './truth.ts'

const environment = { SMS_LOGIC_KEY: randomBytes(32).toString('base64') }

it('survives a death before and after every moment at which something reaches the disk', async () => {
  // The second person's provider says "not now" once, so that a retry is among the boundaries.
  let refused = new Set<string>()
  const sandbox = await startTruth({
    decide: ({ to }) => {
      if (to !== '+12025550102' || refused.has(to)) return 'none'
      refused.add(to)
      return 'throttle'
    },
  })
  const prepared = newFolder()
  const runtime = await openRuntime({ data: prepared, sandbox: false, environment })
  const recipients = ['+12025550101', '+12025550102', '+12025550103'].map((phone, index) => ({
    kind: 'member' as const,
    id: addMember(runtime, `Person ${index}`, phone),
  }))
  const service = twilioService(runtime, { endpoint: sandbox.url })
  const graph = smsGraph({ service, recipients, name: 'boundary', ports: ['sent', 'partly', 'failed'] })
  runtime.functions.create({ title: graph.title, name: graph.name, graph })
  await runtime.close()

  const states: Record<string, number> = {}
  const deaths = await dieAtEachBoundary(
    prepared,
    (data, kill) => runProgram({ data, functionName: 'boundary', input: { who: 'you' }, environment }, kill),
    ({ place, finished }) => {
      const messages = messagesOf(finished)
      expect(messages, place).toHaveLength(3)
      const taken = takenTexts(sandbox)
      for (const [index, { state }] of messages.entries()) {
        const times = taken.get(`+1202555010${index + 1} Hello you`) ?? 0
        if (state === 'accepted') expect(times, `${place}: accepted and taken`).toBe(1)
        else expect([state, times <= 1], `${place}: uncertain, and at most once`).toEqual(['unknown', true])
      }
      for (const [state, count] of Object.entries(countStates(messages))) {
        states[state] = (states[state] ?? 0) + count
      }
    },
    () => {
      sandbox.clear()
      refused = new Set()
    },
  )
  await sandbox.close()
  report('death at every boundary', { deaths, states })
  expect(deaths).toBeGreaterThanOrEqual(8)
  expect(states['accepted']).toBeGreaterThan(deaths)
  expect(states['unknown']).toBeGreaterThan(0)
}, 240_000)
