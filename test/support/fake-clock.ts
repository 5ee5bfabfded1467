import { globSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { newFolder } from './product.ts'

/** The clock on the wall of one process, to be moved while it runs. Its timers go on at their true pace. */
export interface FakeClock {
  /** Environment of the process. */
  environment: Record<string, string>
  /** Puts the clock this far ahead of the true one, or behind it. */
  set(offsetMs: number): void
}

/** @returns nothing where libfaketime (Debian: `apt-get install libfaketime`) is not installed */
export function findFakeClock(): FakeClock | undefined {
  const library = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')[0]
  if (library === undefined) return undefined
  const offset = path.join(newFolder(), 'offset')
  const set = (offsetMs: number) => {
    const seconds = Math.round(offsetMs / 1_000)
    writeFileSync(offset, seconds < 0 ? String(seconds) : `+${seconds}`)
  }
  set(0)
  const environment = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: offset,
    FAKETIME_NO_CACHE: '1',
    NO_FAKE_STAT: '1',
    DONT_FAKE_MONOTONIC: '1',
  }
  return { environment, set }
}
