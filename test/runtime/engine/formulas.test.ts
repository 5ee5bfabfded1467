import { afterEach, expect, test } from 'vitest'
import type { LocalRuntime } from '../../../runtime/index.ts'
import { connection } from '../../support/graphs.ts'
import { openRuntime } from '../../support/open-runtime.ts'

let runtime: LocalRuntime
afterEach(() => runtime.close())

/** Start → Return of what a formula gives. */
const returning = (source: string) => ({
  format: 1,
  id: 'formula',
  name: 'formula',
  title: 'Formula',
  nodes: [
    { id: 'start', type: 'start', position: { x: 0, y: 0 } },
    {
      id: 'return',
      type: 'return',
      position: { x: 0, y: 0 },
      params: { value: { kind: 'formula', source } },
    },
  ],
  connections: [connection('start', 'next', 'return')],
})

async function outputOf(source: string) {
  const { finished } = await runtime.startRun({ graph: returning(source), input: {}, trigger: 'library' })
  return (await finished).output
}

test("a formula reckons dates in the organisation's time zone, also once that has changed", async () => {
  runtime = await openRuntime()
  const source = 'FORMAT("2026-08-31T22:30:00Z", "yyyy-MM-dd HH:mm")'
  const { organisation } = runtime.directory
  organisation.change({ ...organisation.current, timeZone: 'Asia/Shanghai' })
  expect(await outputOf(source)).toBe('2026-09-01 06:30')
  organisation.change({ ...organisation.current, timeZone: 'America/New_York' })
  expect(await outputOf(source)).toBe('2026-08-31 18:30')
})
