import { statfsSync } from 'node:fs'

const MEBIBYTE = 1024 * 1024
/** In MiB, and as a part of the whole disk: what is less counts. */
const USUAL = { most: 256, part: 0.05 }
/** How long what was seen of the disk counts, in milliseconds. */
const FRESH_MS = 1_000

/** How much is free, and how much shall stay free, in MiB. */
export interface DiskLack {
  freeMiB: number
  reserveMiB: number
}

/**
 * Watches the disk of the data folder: below a reserve no further run is taken, so that the outcomes of those under way
 * can still be written.
 */
export class DiskReserve {
  readonly #folder: string
  readonly #wanted: number | undefined
  #seenAt = -Infinity
  #lack: DiskLack | undefined

  /** @param wanted how much stays free, in MiB; 256, or a twentieth of a smaller disk, unless said otherwise */
  constructor(folder: string, wanted: number | undefined) {
    this.#folder = folder
    this.#wanted = wanted
  }

  get isLow(): boolean {
    return this.lack !== undefined
  }

  /** Where less is free than the reserve, how much of it. A disk that says nothing of itself has enough. */
  get lack(): DiskLack | undefined {
    const now = performance.now()
    if (now - this.#seenAt < FRESH_MS) return this.#lack
    this.#seenAt = now
    const space = diskSpace(this.#folder, this.#wanted)
    this.#lack =
      space && space.free < space.reserve
        ? { freeMiB: Math.floor(space.free), reserveMiB: Math.ceil(space.reserve) }
        : undefined
    return this.#lack
  }
}

/** In MiB, what is free on the disk of a folder and what stays free; nothing where the disk does not say. */
export function diskSpace(
  folder: string,
  wanted: number | undefined,
): { free: number; reserve: number } | undefined {
  try {
    const { bavail, blocks, bsize } = statfsSync(folder)
    const reserve = wanted ?? Math.min(USUAL.most, (blocks * bsize * USUAL.part) / MEBIBYTE)
    return { free: (bavail * bsize) / MEBIBYTE, reserve }
  } catch {
    return undefined
  }
}

/**
 * Reads `SMS_LOGIC_DISK_RESERVE`: a number of MiB.
 * @throws TypeError where it is none
 */
export function readDiskReserve({ SMS_LOGIC_DISK_RESERVE: text }: NodeJS.ProcessEnv): number | undefined {
  if (text === undefined || text === '') return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new TypeError(`SMS_LOGIC_DISK_RESERVE takes a number of MiB, not "${text}"`)
}
