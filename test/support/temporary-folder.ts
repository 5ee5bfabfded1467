import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Gives a whole test run one folder for everything temporary, which goes with the run. */
export default function setup(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'sms-logic-tests-'))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
