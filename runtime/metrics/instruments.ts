/**
 * The text format of Prometheus, version 0.0.4, and the two instruments that it needs here. `prom-client` makes the same
 * text: see docs/decisions/metrics.md for why it is not used.
 */

/** One value of a metric, with its labels in the order in which they are shown. */
export interface Sample {
  labels: Readonly<Record<string, string>>
  value: number
}

type Kind = 'counter' | 'gauge' | 'summary'

/** A metric with its values, ready to be shown. */
export function metric(name: string, kind: Kind, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(({ labels, value }) => line(name, labels, value))
  return `${head(name, kind, help)}${lines.join('')}`
}

/** Counts happenings apart by the values of its labels, which are few and fixed: never a number, a name or a text. */
export class Counter {
  readonly #name: string
  readonly #help: string
  readonly #labels: readonly string[]
  readonly #counts = new Map<string, { values: readonly string[]; count: number }>()

  constructor(name: string, help: string, labels: readonly string[]) {
    this.#name = name
    this.#help = help
    this.#labels = labels
  }

  /** @param values of the labels, in their order */
  add(...values: readonly string[]): void {
    const key = values.join(' ')
    const known = this.#counts.get(key)
    if (known) known.count++
    else this.#counts.set(key, { values, count: 1 })
  }

  render(): string {
    const samples = [...this.#counts.values()].map(({ values, count }) => ({
      labels: Object.fromEntries(this.#labels.map((label, index) => [label, values[index]!])),
      value: count,
    }))
    return metric(this.#name, 'counter', this.#help, samples)
  }
}

/** Counts values in buckets, apart by at most one label. */
export class Histogram {
  readonly #name: string
  readonly #help: string
  readonly #bounds: readonly number[]
  readonly #label: string | undefined
  readonly #series = new Map<string, { counts: number[]; sum: number; count: number }>()

  /** @param bounds upper ones, rising; the last bucket has none */
  constructor(name: string, help: string, bounds: readonly number[], label?: string) {
    this.#name = name
    this.#help = help
    this.#bounds = bounds
    this.#label = label
  }

  observe(value: number, of = ''): void {
    let series = this.#series.get(of)
    if (!series) {
      series = { counts: this.#bounds.map(() => 0), sum: 0, count: 0 }
      this.#series.set(of, series)
    }
    const bucket = this.#bounds.findIndex((bound) => value <= bound)
    if (bucket >= 0) series.counts[bucket]!++
    series.sum += value
    series.count++
  }

  render(): string {
    let text = head(this.#name, 'histogram', this.#help)
    for (const [of, { counts, sum, count }] of this.#series) {
      const labels: Record<string, string> = this.#label === undefined ? {} : { [this.#label]: of }
      let below = 0
      for (const [index, bound] of this.#bounds.entries()) {
        below += counts[index]!
        text += line(`${this.#name}_bucket`, { ...labels, le: String(bound) }, below)
      }
      text += line(`${this.#name}_bucket`, { ...labels, le: '+Inf' }, count)
      text += line(`${this.#name}_sum`, labels, sum) + line(`${this.#name}_count`, labels, count)
    }
    return text
  }
}

function head(name: string, kind: Kind | 'histogram', help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`
}

function line(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text.replace(/[\\"\n]/g, '_')}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`
}
