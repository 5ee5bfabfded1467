/** The fault tests have two sizes: small within `npm test`, whole with `npm run test:chaos`. */
export function size<T>(small: T, whole: T): T {
  return process.env['SMS_LOGIC_CHAOS'] === 'whole' ? whole : small
}

/** Prints what a fault test went through, for the reader of its log. */
export function report(test: string, figures: object): void {
  console.log(`${test}: ${JSON.stringify(figures)}`)
}
