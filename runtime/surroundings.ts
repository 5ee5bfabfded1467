import { monotonicFactory } from 'ulid'

/** Time and ids, passed in so that tests are exact. */
export interface Surroundings {
  now(): Date
  /** A new id of 26 characters `[0-9A-Z]`; later ids sort after earlier ones. */
  newId(): string
}

export function systemSurroundings(): Surroundings {
  const ulid = monotonicFactory()
  return { now: () => new Date(), newId: () => ulid() }
}
