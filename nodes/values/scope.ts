import type { Json } from '../json.ts'

/**
 * The names a value can use at one moment: inputs and variables by name, finished steps below `nodes`.
 * Only own properties of `names` and of what it holds are ever read.
 */
export interface Scope {
  readonly names: Readonly<Record<string, Json>>
  /** The moment of evaluation, for `NOW()`. */
  now(): Date
  /** In [0, 1), for `RANDOM()`; `Math.random` where it is missing. */
  random?(): number
  /** IANA zone for dates, for example `Asia/Shanghai`; UTC where it is missing. */
  readonly timeZone?: string | undefined
  /** BCP 47 language for names of days, for example `zh-CN`; English where it is missing or not spoken here. */
  readonly language?: string | undefined
}
