/** Removes what is too old at a given time, as a server does once an hour. */
import { createRuntime } from '../../runtime/index.ts'
import { movingClock } from '../support/moving-clock.ts'

const [data, time] = process.argv.slice(2)
const runtime = await createRuntime({
  data: data!,
  environment: process.env,
  surroundings: movingClock(time!),
})
process.send!({ accepted: String(await runtime.retention.sweep()) })
await runtime.close()
process.disconnect()
