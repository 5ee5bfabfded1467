/** What one formula may cost, so that nobody can stall the server or the page with one. */
export const formulaLimits = {
  /** Characters of the source. */
  source: 10_000,
  /** Parts: each name, literal, operator and call. */
  parts: 2_000,
  /** Brackets, calls and signs inside each other. */
  depth: 64,
  /** Characters and list items looked at during one evaluation. */
  steps: 5_000_000,
  /** Characters of a text that a formula makes. */
  text: 65_536,
} as const
