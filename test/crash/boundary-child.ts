/** One program that runs a function by the library and tells its parent what it was promised. */
import { createRuntime } from '../../runtime/index.ts'

const runtime = await createRuntime({
  data: process.argv[2]!,
  environment: { SMS_LOGIC_KEY: process.env['SMS_LOGIC_KEY']! },
})
const handle = await runtime.startRun({
  functionName: 'boundary',
  input: { who: 'you' },
  trigger: 'library',
  idempotencyKey: 'the one alarm',
})
process.send!({ accepted: handle.id })
process.send!({ finished: await handle.finished })
await runtime.close()
process.disconnect()
