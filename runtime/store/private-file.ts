import { chmodSync, closeSync, openSync } from 'node:fs'

/**
 * Makes a file that its owner alone can reach, or one that is there already so. Call before SQLite opens it: the files
 * that SQLite puts beside it get the same mode.
 */
export function makePrivate(file: string): void {
  try {
    // never opened where it is there: closing it would let go of the locks that this process has on it
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    chmodSync(file, 0o600)
  }
}
