const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/**
 * The wait before each look-up of an unknown message: before the first since it became unknown, before a further one
 * since the one before. The first comes soon: most of what is unknown was taken, and the provider knows it at once.
 * They fall at 5 and 45 s, 3, 5, 15 and 60 minutes, 4, 12 and 24 hours.
 */
export const lookUpWaitsMs = [
  ...[5 * SECOND_MS, 40 * SECOND_MS, 135 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 45 * MINUTE_MS],
  ...[3 * HOUR_MS, 8 * HOUR_MS, 12 * HOUR_MS],
]

/**
 * Clocks may differ by this much, and a request may be worked on for this long after its client gave up: no absence
 * counts before.
 */
export const ALLOWANCE_MS = 30 * SECOND_MS
/** Two look-ups at least, this far apart, must find nothing before a message counts as absent. */
export const ABSENCES_APART_MS = 120 * SECOND_MS
