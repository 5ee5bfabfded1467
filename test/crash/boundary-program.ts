import { fork } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Run } from '../../nodes/api/runs.ts'
import type { JsonObject } from '../../nodes/json.ts'

const here = (file: string) => path.join(import.meta.dirname, file)

/** What the program runs, and where. */
export interface BoundaryProgram {
  data: string
  functionName: string
  input: JsonObject
  environment: Record<string, string>
}

export interface Told {
  accepted?: string
  finished?: Run
  /** How it ended. */
  signal: NodeJS.Signals | null
}

export type Kill = { at: number; when: 'before' | 'after' }

/** Runs the program to its end, or to its death at the given boundary. */
export function runProgram(
  { data, functionName, input, environment }: BoundaryProgram,
  kill?: Kill,
): Promise<Told> {
  return runChild('boundary-child.ts', [data, functionName, JSON.stringify(input)], environment, kill)
}

/** The same for a program that goes on with a failed run. */
export function retryProgram(
  { data, runId, environment }: Pick<BoundaryProgram, 'data' | 'environment'> & { runId: string },
  kill?: Kill,
): Promise<Told> {
  return runChild('retry-child.ts', [data, runId], environment, kill)
}

/** The same for a program that removes what is too old at a time. */
export function retentionProgram(
  { data, time, environment }: Pick<BoundaryProgram, 'data' | 'environment'> & { time: string },
  kill?: Kill,
): Promise<Told> {
  return runChild('retention-child.ts', [data, time], environment, kill)
}

/** The same for a program in which the first of the people hands a request in and the others decide. */
export function requestProgram(
  { data, people, environment }: Pick<BoundaryProgram, 'data' | 'environment'> & { people: string[] },
  kill?: Kill,
): Promise<Told> {
  return runChild('request-child.ts', [data, ...people], { ...environment, KILL_IN: 'transactions' }, kill)
}

async function runChild(
  file: string,
  args: string[],
  environment: Record<string, string>,
  kill?: Kill,
): Promise<Told> {
  const child = fork(here(file), args, {
    execArgv: kill ? ['--import', here('kill-at-sync.mjs')] : [],
    env: {
      ...process.env,
      ...environment,
      KILL_AT: String(kill?.at),
      KILL_WHEN: kill?.when,
      // the same program is started many times
      NODE_COMPILE_CACHE: path.join(tmpdir(), 'compiled'),
    },
  })
  const told: Told = { signal: null }
  child.on('message', (part: Told) => Object.assign(told, part))
  ;[, told.signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return told
}
