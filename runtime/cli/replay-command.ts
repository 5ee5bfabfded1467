import { existsSync } from 'node:fs'
import path from 'node:path'
import { MOST_REPLAYED, replay } from '../../nodes/api/try-it.ts'
import type { Replay, ReplayedRun, ReplayedText } from '../../nodes/api/try-it.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { loadFunctionFile } from '../../nodes/graph/function-file.ts'
import { readGraphText } from '../../nodes/graph/load-graph.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import { createRuntime } from '../index.ts'
import type { Environment } from '../secrets/master-key.ts'
import { askServer } from './ask-server.ts'
import { readText } from './run-command.ts'
import { findServer } from './server-file.ts'

export interface ReplayOptions {
  /** Name of a stored function, whose draft is replayed, or path of a function file or graph file. */
  subject: string
  /** How many runs, newest first. */
  last: string
  json: boolean
  data: string
  environment: Environment
  print: (text: string) => void
}

/**
 * Walks a function with the inputs of its last runs and prints which texts would differ. Sends nothing and lets nothing
 * go on: beside a server it is asked, without one the store is only read.
 * @returns 0 where all stays the same, 1 where something differs
 */
export async function replayCommand(options: ReplayOptions): Promise<number> {
  const { subject, json, print } = options
  const limit = readLast(options.last)
  const graph = subject.endsWith('.json')
    ? loadFunctionFile(readGraphText(readText(subject))).graph
    : undefined
  const found = await execute(options, graph?.name ?? subject, limit, graph)
  print(json ? `${JSON.stringify(found, null, 2)}\n` : asText(found))
  return found.changed + found.new + found.gone + found.failed > 0 ? 1 : 0
}

async function execute(
  { data, environment }: ReplayOptions,
  name: string,
  limit: number,
  graph: Graph | undefined,
): Promise<Replay> {
  if (!existsSync(path.join(data, 'sms-logic.db'))) {
    throw new FlowError(ErrorCode.NotFound, `There is no data folder ${data}`, {
      hint: 'Give the folder that the server works on with --data.',
    })
  }
  let runtime
  try {
    runtime = await createRuntime({ data, environment, isAsleep: true })
  } catch (error) {
    const server = error instanceof FlowError && error.code === ErrorCode.StoreLocked && findServer(data)
    if (!server) throw error
    const body = { limit, ...(graph && { graph }) }
    return askServer(server, replay, `/api/functions/${encodeURIComponent(name)}/replay`, body)
  }
  try {
    return await runtime.tryIt.replay(name, limit, graph)
  } finally {
    await runtime.close()
  }
}

function readLast(text: string): number {
  const last = Number(text)
  if (/^\d+$/.test(text) && last >= 1 && last <= MOST_REPLAYED) return last
  throw new TypeError(`--last takes a number from 1 to ${MOST_REPLAYED}, not "${text}"`)
}

function asText(found: Replay): string {
  if (found.runs.length === 0) return 'There is no run to replay.\n'
  const { same, changed, new: appear, gone, failed, leftOut } = found
  const sum = `${found.runs.length} runs: ${same} texts the same, ${changed} changed, ${appear} new, ${gone} gone`
  return [
    ...found.runs.filter(isDifferent).flatMap(linesOf),
    `${sum}${failed > 0 ? `; ${failed} runs fail that did not` : ''}`,
    ...(leftOut > 0 ? [`There was no time for ${leftOut} runs.`] : []),
    '',
  ].join('\n')
}

function isDifferent({ texts, statusBefore, statusAfter, notExecuted }: ReplayedRun): boolean {
  return texts.length > 0 || statusBefore !== statusAfter || notExecuted.length > 0
}

function linesOf({
  id,
  created,
  statusBefore,
  statusAfter,
  error,
  texts,
  notExecuted,
}: ReplayedRun): string[] {
  return [
    `${id}  ${created}  ${statusBefore}${statusAfter === statusBefore ? '' : ` → ${statusAfter}`}`,
    ...(error && statusAfter !== statusBefore ? [`  ${error.message}`] : []),
    ...(notExecuted.length > 0 ? [`  passed by: ${notExecuted.join(', ')}`] : []),
    ...texts.flatMap(textLines),
    '',
  ]
}

function textLines({ kind, nodeId, name, phone, before, after }: ReplayedText): string[] {
  return [
    `  ${kind} at ${nodeId}: ${name} ${phone}`,
    ...(before === null ? [] : [`    - ${before}`]),
    ...(after === null ? [] : [`    + ${after}`]),
  ]
}
