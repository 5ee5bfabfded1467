import { readFileSync } from 'node:fs'
import { runVersion } from '../../nodes/api/elements.ts'
import type { RunVersion } from '../../nodes/api/elements.ts'
import { dryRunOutcome } from '../../nodes/api/runs.ts'
import type { DryRunOutcome, Run } from '../../nodes/api/runs.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { loadFunctionFile } from '../../nodes/graph/function-file.ts'
import { readGraphText } from '../../nodes/graph/load-graph.ts'
import { checkJsonText } from '../../nodes/json-scan.ts'
import type { JsonObject } from '../../nodes/json.ts'
import { createRuntime } from '../index.ts'
import type { StartRun } from '../runtime.ts'
import type { Environment } from '../secrets/master-key.ts'
import { findServer } from './server-file.ts'
import { runOnServer } from './run-on-server.ts'

export interface RunOptions {
  /** Name of a stored function, or path of a graph file. */
  subject: string
  /** A JSON object, or the path of a file that holds one. */
  input: string
  /** Of a stored function: draft, published or a number; missing: what every caller gets. */
  functionVersion: string | undefined
  data: string
  sandbox: boolean
  dryRun: boolean
  /** What a dry run assumes of every SMS step: sent, partly or failed. */
  outcome: string
  environment: Environment
  print: (text: string) => void
}

/** Runs a function to its end, prints the run as JSON, and answers 0 where it was done, 1 where it failed. */
export async function runCommand(options: RunOptions): Promise<number> {
  const request: StartRun = {
    ...(options.subject.endsWith('.json')
      ? { graph: loadFunctionFile(readGraphText(readText(options.subject))).graph }
      : { functionName: options.subject }),
    input: readInput(options.input),
    trigger: 'cli',
    version: readVersion(options.functionVersion),
    ...(options.dryRun && { dryRun: readOutcome(options.outcome) }),
  }
  const run = await execute(request, options)
  options.print(`${JSON.stringify(run, null, 2)}\n`)
  return run.status === 'done' ? 0 : 1
}

/** In this process; where a server has the data folder, there. */
async function execute(request: StartRun, options: RunOptions): Promise<Run> {
  let runtime
  try {
    runtime = await createRuntime({
      data: options.data,
      sandbox: options.sandbox,
      example: true,
      environment: options.environment,
    })
  } catch (error) {
    if (!(error instanceof FlowError) || error.code !== ErrorCode.StoreLocked) throw error
    const server = findServer(options.data)
    if (!server) throw error
    return runOnServer(server, request)
  }
  try {
    return await (
      await runtime.startRun(request)
    ).finished
  } finally {
    await runtime.close()
  }
}

/** The version that a command asks for; undefined: none. @throws TypeError */
export function readVersion(text: string | undefined): RunVersion | undefined {
  if (text === undefined) return undefined
  const version = runVersion.safeParse(/^\d+$/.test(text) ? Number(text) : text)
  if (version.success) return version.data
  throw new TypeError(`--version takes draft, published or the number of a version, not "${text}"`)
}

function readOutcome(text: string): DryRunOutcome {
  const outcome = dryRunOutcome.safeParse(text)
  if (outcome.success) return outcome.data
  throw new TypeError(`--outcome takes one of ${dryRunOutcome.options.join(', ')}, not "${text}"`)
}

function readInput(input: string): JsonObject {
  const text = input.trimStart().startsWith('{') ? input : readText(input)
  checkJsonText(text, { maxBytes: 1024 * 1024, maxDepth: 64 })
  const parsed: unknown = JSON.parse(text)
  if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)) return parsed as JsonObject
  throw new FlowError(ErrorCode.InputInvalid, 'The input must be a JSON object', {
    hint: `For example: --input '{"device":"Pump 7"}'`,
  })
}

/** The text of a file. @throws FlowError `NOT_FOUND` */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new FlowError(ErrorCode.NotFound, `The file ${file} cannot be read`, {
      hint: 'Give the path of a file, or for --input a JSON object.',
      cause,
    })
  }
}
