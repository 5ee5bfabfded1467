import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import path from 'node:path'
import type { Run } from '../../nodes/api/runs.ts'

export const environment = { SMS_LOGIC_KEY: randomBytes(32).toString('base64') }
const here = (file: string) => path.join(import.meta.dirname, file)

interface Told {
  accepted?: string
  finished?: Run
  /** How it ended. */
  signal: NodeJS.Signals | null
}

/** Runs the program to its end, or to its death at the given boundary. */
export async function program(data: string, kill?: { at: number; when: 'before' | 'after' }): Promise<Told> {
  const child = fork(here('boundary-child.ts'), [data], {
    execArgv: kill ? ['--import', here('kill-at-sync.mjs')] : [],
    env: { ...process.env, ...environment, KILL_AT: String(kill?.at), KILL_WHEN: kill?.when },
  })
  const told: Told = { signal: null }
  child.on('message', (part: Told) => Object.assign(told, part))
  ;[, told.signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return told
}
