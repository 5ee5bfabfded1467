import { cpSync } from 'node:fs'
import { expect } from 'vitest'
import type { Run } from '../../nodes/api/runs.ts'
import { newFolder } from '../support/product.ts'
import type { Kill, Told } from './boundary-program.ts'

/** What was found after a death. */
interface Aftermath {
  /** Names the death in what an assertion says. */
  place: string
  data: string
  /** The run, as the program told it that went on with the data folder. */
  finished: Run
}

/**
 * Lets a program die before and after each moment at which something reaches the disk, each time on a copy of a data
 * folder, and go on with it. The run that the first one was told of is the one that ends.
 * @param begin called before each life and death
 * @param every only each so-manieth moment, where all would take too long
 * @returns how many deaths there were
 */
export async function dieAtEachBoundary(
  prepared: string,
  program: (data: string, kill?: Kill) => Promise<Told>,
  check: (aftermath: Aftermath) => void | Promise<void>,
  begin: () => void = () => undefined,
  every = 1,
): Promise<number> {
  let deaths = 0
  for (const when of ['before', 'after'] as const) {
    for (let at = 1; ; at += every) {
      const data = newFolder()
      cpSync(prepared, data, { recursive: true })
      begin()
      const told = await program(data, { at, when })
      const { accepted, finished } = await program(data)
      const place = `${when} boundary ${at}`
      if (told.accepted !== undefined) expect(accepted, `${place}: the accepted run`).toBe(told.accepted)
      expect(finished, place).toBeDefined()
      await check({ place, data, finished: finished! })
      if (told.signal === null) break // it lived to its end: there is no such boundary
      deaths++
    }
  }
  return deaths
}
