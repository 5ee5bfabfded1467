import type { Json } from '../nodes/json.ts'
import { compile } from '../nodes/values/formula/compile.ts'
import { compileFormula } from '../nodes/values/formula/formula.ts'
import { parseFormula } from '../nodes/values/formula/parse.ts'
import type { Scope } from '../nodes/values/scope.ts'
import type { BenchCase } from './case.ts'
import { median } from './case.ts'

const ROUNDS = 15
const PER_ROUND = 20_000

const names: Record<string, Json> = {
  device: 'Pump 3',
  severity: 4,
  price: 12.5,
  remark: null,
  started: '2026-08-31T22:30:00Z',
  order: {
    customer: { name: 'Ada' },
    lines: Array.from({ length: 10 }, (_, index) => ({
      part: `Part ${index}`,
      quantity: index,
      price: index / 4,
    })),
  },
  nodes: { sms: { counts: { accepted: 3, failed: 0 } } },
  texts: Array.from({ length: 20_000 }, (_, index) => `text ${index % 100}`),
  numbers: Array.from({ length: 100_000 }, (_, index) => index / 7),
  objects: Array.from({ length: 1_000 }, (_, index) => ({ index, name: `Person ${index}` })),
  long: 'x'.repeat(60_000),
  pumps: '泵🚨'.repeat(20_000),
  moments: Array.from({ length: 20_000 }, (_, index) => new Date(index * 54_321_000).toISOString()),
  zones: Intl.supportedValuesOf('timeZone'),
}
const scope: Scope = { names, now: () => new Date('2026-08-31T22:30:05Z'), timeZone: 'Asia/Shanghai' }

/** What functions are made of: conditions, texts, sums, dates. */
const typical = {
  'a condition': 'severity > 3 and nodes.sms.counts.failed = 0',
  'a text': 'UPPER(device) & " needs help: " & COALESCE(remark, "no remark")',
  'a choice': 'IF(severity > 3, "now", "today")',
  'a decimal product': 'price * 1.2 + 0.1',
  'a field': 'order.customer.name',
  'a date in a zone': 'HOUR(started) >= 6',
} as const
const larger = {
  'ten lines, filtered, mapped and joined':
    'JOIN(MAP(FILTER(order.lines, item.quantity > 0), item.quantity & " × " & item.part), ", ")',
  'ten decimals, multiplied and added up': 'SUM(MAP(order.lines, item.quantity * item.price))',
  'a date, added to and written': 'DATESTR(DATEADD(started, 3, "day"), "yyyy-MM-dd HH:mm")',
} as const

/** The most that a formula may ask for, by what it does: each ends with its result or at its limit of steps. */
const greedy = [
  'ALL(numbers, ALL(numbers, item * 1.0001 > -1))',
  'ALL(numbers, ALL(numbers, true))',
  'UNIQUE(objects)',
  'SORTBY(texts, UPPER(item) & LOWER(item))',
  'ALL(texts, SUM(order.lines.price) > 0)',
  'SUM(MAP(moments, RANDOM() / 3))',
  'SUM(numbers)',
  'ALL(moments, DATEADD(item, 1, "month", "America/New_York") != "")',
  'ALL(moments, MOMENT("2026-03-08T02:30", "Europe/London") != item)',
  'ALL(moments, FORMAT(item, "yyyy-MM-dd HH:mm:ss", "Europe/London") != "")',
  'SORT(moments, true)',
  'ALL(zones, ALL(zones, HOUR(started, item) >= 0))',
  'ALL(texts, FORMAT(1234.567, "#,##0.00") != "")',
  'ALL(texts, LEN(REPLACE(long, "x", "")) = 0)',
  'ALL(texts, LEFT(long, 10) != "")',
  'ALL(texts, RIGHT(pumps, 10) != "")',
  'ALL(texts, COUNT(SPLIT(long, "x")) > 0)',
  'ALL(texts, LOCATE("y", long) = 0)',
  'ALL(texts, long & item != long)',
  'ALL(texts, order = order)',
  'MAP(texts, order)',
  `ALL(texts, ${Array.from({ length: 60 }, () => 'COUNT(order.lines.price) > 0').join(' and ')})`,
  Array.from({ length: 300 }, () => 'LEN(UPPER(long))').join(' + '),
  Array.from({ length: 60 }, () => 'COUNT(UNIQUE(texts))').join(' + '),
]

/** What one evaluation and one reading of a formula cost, and what the costliest may take. */
export async function benchFormula(): Promise<BenchCase[]> {
  const evaluations = Object.entries(typical).map(([name, source]) => measure(name, source))
  const lists = Object.entries(larger).map(([name, source]) => measure(name, source))
  const sources = Object.values(typical)
  const reading = perCall(() => {
    for (const source of sources) compile(parseFormula(source))
  })
  const worst = greedy.map((source) => ({ source, ms: milliseconds(source) })).sort((a, b) => b.ms - a.ms)[0]!
  return [
    ...evaluations.map((each) => ({ ...each, goal: 'value < 1' })),
    ...lists,
    {
      name: 'a formula, read for the first time',
      value: reading / sources.length,
      unit: 'µs',
      goal: 'value < 20',
    },
    { name: `the costliest: ${worst.source.slice(0, 34)}`, value: worst.ms, unit: 'ms', goal: 'value < 50' },
  ]
}

function measure(name: string, source: string): BenchCase {
  return { name, value: perCall(() => compileFormula(source).evaluate(scope)), unit: 'µs' }
}

/** Microseconds of one call, the middle of several rounds. */
function perCall(run: () => unknown): number {
  const rounds = []
  for (let round = 0; round <= ROUNDS; round++) {
    const started = performance.now()
    for (let count = 0; count < PER_ROUND; count++) run()
    rounds.push(((performance.now() - started) * 1_000) / PER_ROUND)
  }
  // the first one also compiled the code
  return median(rounds.slice(1))
}

/** The middle of a few evaluations to their end, be it a value or a refusal. */
function milliseconds(source: string): number {
  const rounds = []
  for (let round = 0; round < 5; round++) {
    const started = performance.now()
    try {
      compileFormula(source).evaluate(scope)
    } catch {
      // the limit is an end too
    }
    rounds.push(performance.now() - started)
  }
  return median(rounds)
}
