import { FormulaError } from '../../nodes/errors.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import { jsonWords } from '../../nodes/outline/value-words.ts'
import { evaluateValue, valueNames } from '../../nodes/values/evaluate-value.ts'
import type { Value } from '../../nodes/values/value.ts'
import type { SampleNames, SampleSource } from './sample-names.ts'

/** What a value gives with sample values: what it gives, what it fails by, or the names that have no sample. */
export type SampleResult =
  | { kind: 'value'; value: Json }
  | { kind: 'failed'; error: FormulaError }
  | { kind: 'unknown'; names: readonly string[] }

/** @returns undefined for a formula that cannot be read: that is told elsewhere */
export function sampleResult(
  value: Value,
  samples: SampleNames,
  { timeZone, language }: Pick<SampleSource, 'timeZone' | 'language'> = {},
  now: () => Date = () => new Date(),
): SampleResult | undefined {
  try {
    const unknown = valueNames(value).filter((name) => !samples.has(name))
    if (unknown.length > 0) return { kind: 'unknown', names: unknown }
  } catch (error) {
    if (error instanceof FormulaError) return undefined
    throw error
  }
  try {
    return {
      kind: 'value',
      value: evaluateValue(value, { names: asScope(samples), timeZone, language, now }),
    }
  } catch (error) {
    if (error instanceof FormulaError) return { kind: 'failed', error }
    throw error
  }
}

/** Names as values read them: results of steps below `nodes`. */
function asScope(samples: SampleNames): JsonObject {
  const names = Object.create(null) as JsonObject
  const results = Object.create(null) as JsonObject
  for (const [name, value] of samples) {
    if (name.startsWith('nodes.')) results[name.slice('nodes.'.length)] = value
    else names[name] = value
  }
  names['nodes'] = results
  return names
}

/** Characters of a value that are shown. */
const LONGEST_SHOWN = 160

/** A value on one line: numbers of phones are masked, people go by their names, and what is long is cut. */
export function shownValue(value: Json, longest = LONGEST_SHOWN): string {
  const text = jsonWords(value)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
