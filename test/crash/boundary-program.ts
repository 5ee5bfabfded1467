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

interface Told {
  accepted?: string
  finished?: Run
  /** How it ended. */
  signal: NodeJS.Signals | null
}

/** Runs the program to its end, or to its death at the given boundary. */
export async function runProgram(
  { data, functionName, input, environment }: BoundaryProgram,
  kill?: { at: number; when: 'before' | 'after' },
): Promise<Told> {
  const child = fork(here('boundary-child.ts'), [data, functionName, JSON.stringify(input)], {
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
