import { setTimeout as wait } from 'node:timers/promises'
import { run as runSchema } from '../../nodes/api/runs.ts'
import type { Run } from '../../nodes/api/runs.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { StartRun } from '../runtime.ts'
import { askServer } from './ask-server.ts'
import type { ServerFile } from './server-file.ts'

/** Runs a stored function on the server that has the data folder. @throws FlowError with the server's own words */
export async function runOnServer(server: ServerFile, request: StartRun): Promise<Run> {
  if (request.functionName === undefined) {
    throw new FlowError(
      ErrorCode.StoreLocked,
      'A server is using this data folder; a graph file cannot run beside it',
      {
        hint: 'Import the file in the editor and run it by name, or give another folder with --data.',
      },
    )
  }
  const query = new URLSearchParams({
    trigger: 'cli',
    ...(request.version !== undefined && { version: String(request.version) }),
    ...(request.dryRun && { dryRun: 'true', outcome: request.dryRun }),
  })
  const path = `/api/functions/${encodeURIComponent(request.functionName)}/runs?${query}`
  let run = await askServer(server, runSchema, path, request.input)
  while (run.finished === null && run.status !== 'quarantined') {
    await wait(200)
    run = await askServer(server, runSchema, `/api/runs/${run.id}`)
  }
  return run
}
