/** One program that goes on with a failed run by the library and tells its parent what it was promised. */
import { setTimeout as wait } from 'node:timers/promises'
import { createRuntime, FlowError } from '../../runtime/index.ts'

const [data, failedRun] = process.argv.slice(2) as [string, string]
const runtime = await createRuntime({ data, environment: process.env })

/** The run that goes on with it: the one of a program that died before, where there is one. */
async function retry(): Promise<string> {
  try {
    return (await runtime.retryRun(failedRun, 'library')).id
  } catch (error) {
    if (error instanceof FlowError && error.code === 'CONFLICT') return String(error.params['run'])
    throw error
  }
}

const id = await retry()
process.send!({ accepted: id })
let run = await runtime.getRun(id)
while (run?.finished === null) {
  await wait(5)
  run = await runtime.getRun(id)
}
process.send!({ finished: run })
await runtime.close()
process.disconnect()
