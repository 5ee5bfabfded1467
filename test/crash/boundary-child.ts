/** One program that runs a function by the library and tells its parent what it was promised. */
import { createRuntime } from '../../runtime/index.ts'
import type { JsonObject } from '../../nodes/json.ts'

const [data, functionName, input] = process.argv.slice(2) as [string, string, string]
const runtime = await createRuntime({ data, environment: process.env })
const handle = await runtime.startRun({
  functionName,
  input: JSON.parse(input) as JsonObject,
  trigger: 'library',
  idempotencyKey: 'the one alarm',
})
process.send!({ accepted: handle.id })
process.send!({ finished: await handle.finished })
await runtime.close()
process.disconnect()
