import { setTimeout as wait } from 'node:timers/promises'
import { request as send } from 'undici'
import { run as runSchema } from '../../nodes/api/runs.ts'
import type { Run } from '../../nodes/api/runs.ts'
import { problemDocument } from '../../nodes/api/routes.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { StartRun } from '../runtime.ts'
import type { ServerFile } from './server-file.ts'

/** Runs a stored function on the server that has the data folder. @throws FlowError with the server's own words */
export async function runOnServer({ url, token }: ServerFile, request: StartRun): Promise<Run> {
  if (request.functionName === undefined) {
    throw new FlowError(
      ErrorCode.StoreLocked,
      'A server is using this data folder; a graph file cannot run beside it',
      {
        hint: 'Import the file in the editor and run it by name, or give another folder with --data.',
      },
    )
  }
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const query = new URLSearchParams({
    trigger: 'cli',
    ...(request.dryRun && { dryRun: 'true', outcome: request.dryRun }),
  })
  let run = await answer(`${url}/api/functions/${encodeURIComponent(request.functionName)}/runs?${query}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(request.input),
  })
  while (run.finished === null) {
    await wait(200)
    run = await answer(`${url}/api/runs/${run.id}`, { method: 'GET', headers })
  }
  return run
}

async function answer(url: string, options: Parameters<typeof send>[1]): Promise<Run> {
  const { statusCode, body } = await send(url, options)
  const document: unknown = await body.json()
  if (statusCode < 400) return runSchema.parse(document)
  const problem = problemDocument.parse(document)
  throw new FlowError(problem.code as ErrorCode, problem.detail, { hint: problem.hint })
}
