import { randomBytes } from 'node:crypto'
import { cpSync } from 'node:fs'
import { expect, it } from 'vitest'
import { connection, smsGraph } from '../support/graphs.ts'
import { addMember, openRuntime, twilioService } from '../support/open-runtime.ts'
import { newFolder } from '../support/product.ts'
import { runProgram } from './boundary-program.ts'
import { messagesOf, startTruth, takenTexts } from './truth.ts'

const environment = { SMS_LOGIC_KEY: randomBytes(32).toString('base64') }

it('goes on after a death with the random number that the text was sent with', async () => {
  const sandbox = await startTruth({})
  const prepared = newFolder()
  const runtime = await openRuntime({ data: prepared, sandbox: false, environment })
  const person = { kind: 'member' as const, id: addMember(runtime, 'Ada', '+12025550101') }
  const service = twilioService(runtime, { endpoint: sandbox.url })
  const graph = smsGraph({
    service,
    recipients: [person],
    text: 'Code ${code} for ${who}',
    name: 'boundary',
    ports: ['sent', 'failed', 'partly'],
  })
  const [start, sms, end] = graph.nodes
  Object.assign(sms!.params!, {
    variables: { code: { kind: 'variable', path: 'code' }, who: { kind: 'variable', path: 'who' } },
  })
  Object.assign(end!.params!, { value: { kind: 'variable', path: 'code' } })
  const draw = {
    id: 'draw',
    type: 'assign-variable',
    position: { x: 160, y: 0 },
    params: { name: 'code', value: { kind: 'formula', source: 'RANDOM(1, 1000000000000)' } },
  }
  graph.nodes = [start!, draw, sms!, end!] as typeof graph.nodes
  graph.connections = [
    connection('start', 'next', 'draw'),
    connection('draw', 'next', 'sms'),
    ...graph.connections.filter(({ from }) => from.node === 'sms'),
  ]
  runtime.functions.create({ title: graph.title, name: graph.name, graph })
  await runtime.close()

  for (const when of ['before', 'after'] as const) {
    for (let at = 1; ; at++) {
      const data = newFolder()
      cpSync(prepared, data, { recursive: true })
      sandbox.clear()
      const program = { data, functionName: 'boundary', input: { who: 'you' }, environment }
      const told = await runProgram(program, { at, when })
      const { finished } = await runProgram(program)
      const place = `${when} boundary ${at}`
      expect(finished!.output, place).toBeTypeOf('number')
      const sent = [...takenTexts(sandbox).keys()]
      expect(sent.length, place).toBeLessThanOrEqual(1)
      for (const text of sent)
        expect(text, place).toBe(`+12025550101 Code ${String(finished!.output)} for you`)
      if (messagesOf(finished!)[0]!.state === 'accepted') expect(sent, place).toHaveLength(1)
      if (told.signal === null) break // it lived to its end: there is no such boundary
    }
  }
  await sandbox.close()
}, 120_000)
