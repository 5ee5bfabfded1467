import { expect, test } from 'vitest'
import { openRuntime } from '../../support/open-runtime.ts'
import { newFolder } from '../../support/product.ts'

const graph = {
  format: 1,
  id: 'quiet',
  name: 'quiet',
  title: 'Quiet',
  inputs: [],
  nodes: [{ id: 'start', type: 'start', position: { x: 0, y: 0 } }],
  connections: [],
}

test('a run says which trigger started it, also after a restart, and says nothing where none did', async () => {
  const data = newFolder()
  let runtime = await openRuntime({ data, sandbox: false })
  runtime.functions.create({ title: 'Quiet', name: 'quiet', graph })
  const start = { functionName: 'quiet', input: {} }
  const byTrigger = await runtime.startRun({ ...start, trigger: 'event', triggerId: 'night' })
  expect(await byTrigger.finished).toMatchObject({ trigger: 'event', triggerId: 'night' })
  const byProgram = await runtime.startRun({ ...start, trigger: 'library' })
  expect(await byProgram.finished).not.toHaveProperty('triggerId')
  await runtime.close()

  runtime = await openRuntime({ data, sandbox: false })
  const [second, first] = await runtime.listRuns({ limit: 2 })
  expect(first).toMatchObject({ id: byTrigger.id, trigger: 'event', triggerId: 'night' })
  expect(second).not.toHaveProperty('triggerId')
  await runtime.close()
})
