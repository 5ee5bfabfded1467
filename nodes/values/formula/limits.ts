/** What one formula may cost, so that nobody can stall the server or the page with one. */
export const formulaLimits = {
  /** Characters of the source. */
  source: 10_000,
  /** Parts: each name, literal, operator and call. */
  parts: 2_000,
  /** Brackets, calls and signs inside each other. */
  depth: 64,
  /**
   * Work of one evaluation, in steps of about 10 ns: hence about 50 ms. Steps are counted, not timed, so that a formula
   * that fits once fits always, on any machine.
   */
  steps: 5_000_000,
  /** Characters of a text that a formula makes. */
  text: 65_536,
  /** What a list that a formula makes may hold in all: characters of texts, and one for anything else. */
  list: 65_536,
} as const

/** Steps of what is done again and again inside a formula; one step is about 10 ns. */
export const stepCosts = {
  /** A name, literal, operator or call that is evaluated for each item of a list. */
  part: 20,
  /** A number that is added up. */
  number: 40,
  /** Two values that are compared; what they hold comes on top. */
  comparison: 5,
  /** A field of two objects, or an item of two lists, that are compared; a field that is read of a list's item. */
  field: 10,
  /** A date that is read. */
  date: 350,
  /** A time on a clock whose moment is sought. */
  moment: 1_200,
  /** A part of a text that is replaced, or split off. */
  replacement: 8,
  /** A character of a text that holds characters of two UTF-16 units. */
  pair: 2,
} as const
