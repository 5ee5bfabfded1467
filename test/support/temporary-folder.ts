import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Gives a whole test run one folder for everything temporary, which goes with the run, as do processes that were left. */
export default function setup(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'sms-logic-tests-'))
  process.env.TMPDIR = folder
  return () => {
    for (const name of readdirSync(folder)) endProcess(name)
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** @param note the name of a file that says `process-4711` for as long as that process runs */
function endProcess(note: string): void {
  const id = /^process-(\d+)$/.exec(note)?.[1]
  if (id === undefined) return
  try {
    process.kill(Number(id), 'SIGKILL')
  } catch {
    // it ended by itself
  }
}
