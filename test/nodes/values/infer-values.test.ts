import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FormulaError } from '../../../nodes/errors.ts'
import type { ValueType } from '../../../nodes/graph/schema.ts'
import type { Json } from '../../../nodes/json.ts'
import type { Scope } from '../../../nodes/values/scope.ts'
import { evaluateValue } from '../../../nodes/values/evaluate-value.ts'
import { formulaFunctions } from '../../../nodes/values/formula/functions.ts'
import { checkValueShape, inferValue } from '../../../nodes/values/types/infer-value.ts'
import { Names } from '../../../nodes/values/types/names.ts'
import { kind, shapeOfJson, shapeOfType, withKinds } from '../../../nodes/values/types/shape.ts'
import { wanted } from '../../../nodes/values/types/wanted.ts'
import type { Value } from '../../../nodes/values/value.ts'

const formula = (source: string): Value => ({ kind: 'formula', source })
const variable = (path: string): Value => ({ kind: 'variable', path })
const named = (types: Record<string, ValueType>) =>
  Object.entries(types).reduce((names, [name, type]) => names.with(name, shapeOfType(type)), Names.none)

const names = named({ device: 'text', severity: 'number', urgent: 'boolean', who: 'member', crew: 'members' })
  .with('remark', withKinds(shapeOfType('text'), kind.nothing | kind.blank))
  .with('count', withKinds(shapeOfType('number'), kind.nothing | kind.blank))
  .with('maybe', { kinds: kind.text | kind.unset })
  .with('order', shapeOfJson({ lines: [{ part: 'Pump', quantity: 1 }], customer: { name: 'Ada' } }))

const findings = (value: Value, needed?: Parameters<typeof checkValueShape>[2]) =>
  checkValueShape(value, names, needed).map(({ certain, reason }) => `${certain ? '!' : '?'}${reason}`)

describe('certainly fails', () => {
  test.each([
    ['device * 2', '!wrong.number'],
    ['LEN(severity) > UPPER(severity)', '!wrong.text'],
    ['IF(severity, 1, 2)', '!wrong.boolean'],
    ['not device', '!wrong.boolean'],
    ['COUNT(device)', '!wrong.list'],
    ['device.length', '!wrong.noFields'],
    ['device > severity', '!wrong.order'],
    ['order & ""', '!wrong.writable'],
    ['null + 1', '!missing'],
  ])('%s', (source, expected) => {
    expect(findings(formula(source))).toContain(expected)
  })
  test('a value of another type than its field takes', () => {
    expect(findings(variable('device'), wanted.boolean)).toEqual(['!wrong.boolean'])
    expect(findings(formula('severity + 1'), wanted.boolean)).toEqual(['!wrong.boolean'])
    expect(findings(variable('order.lines'), wanted.writable)).toEqual(['!wrong.writable'])
    expect(findings({ kind: 'fixed', value: 'tomorrow' }, wanted.datetime)).toEqual(['!wrong.datetime'])
    expect(findings({ kind: 'fixed', value: '2030-01-31T08:00:00+08:00' }, wanted.datetime)).toEqual([])
  })
})

describe('may fail', () => {
  test.each([
    ['count + 1', '?missing'],
    ['UPPER(remark)', '?missing'],
    ['maybe & "!"', '?unset'],
    ['order.customer.phone', '?noField'],
    ['IF(urgent, device * 2, 0)', '?wrong.number'],
    ['urgent and device', '?wrong.boolean'],
    ['FILTER(order.lines, item.part)', '?wrong.boolean'],
  ])('%s', (source, expected) => {
    expect(findings(formula(source))).toEqual([expected])
  })
})

test.each([
  'count = null or count > 3',
  'count != null and count + 1 > 3',
  'IF(ISEMPTY(count), 0, count + 1)',
  'IF(ISNOTEMPTY(remark), UPPER(remark), "")',
  'IFS(count = null, 0, true, count + 1)',
  'COALESCE(count, 0) + 1',
  'SUM(MAP(order.lines, item.quantity * 2))',
  'JOIN(crew.name, ", ") & who.name',
  'order.lines[1].part',
  'remark & ""',
])('%s is in order', (source) => {
  expect(findings(formula(source))).toEqual([])
})

describe('what a value gives', () => {
  test.each([
    ['severity + 1', kind.number],
    ['IF(urgent, device, severity)', kind.text | kind.number],
    ['IF(urgent, device)', kind.text | kind.nothing],
    ['FIRST(order.lines).part', kind.text | kind.nothing],
    ['order.lines.quantity', kind.list],
    ['who.id', kind.text],
  ])('%s', (source, kinds) => {
    expect(inferValue(formula(source), names).kinds).toBe(kinds)
  })
})

describe('made-up formulas', () => {
  const values: Record<string, fc.Arbitrary<Json>> = {
    t: fc.constantFrom('', 'Pump 3', '2026-08-31', '12'),
    n: fc.integer({ min: -5, max: 5 }),
    b: fc.boolean(),
    l: fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', null)), { maxLength: 3 }),
    o: fc.record({ a: fc.integer(), b: fc.constantFrom('x', '') }),
    nothing: fc.constant(null),
  }
  const scopes = fc.record(values)
  const source: fc.Arbitrary<string> = fc.letrec<{ part: string }>((tie) => {
    const part = tie('part')
    const binary = fc.constantFrom('+', '-', '*', '&', '=', '!=', '<', '>=', ' and ', ' or ')
    const leaf = fc.constantFrom(
      ...['t', 'n', 'b', 'l', 'o', 'nothing', 'o.a', 'o.z', 't.x', 'l.a', 'l[1]', 'item'],
      ...['1', '"x"', '""', 'true', 'null', '-n', 'not b', 'nodes.s.status', 'nodes.s'],
    )
    const call = fc
      .tuple(fc.constantFrom(...formulaFunctions), fc.array(part, { minLength: 1, maxLength: 4 }))
      .map(([{ name, args }, parts]) => {
        const least = args.filter((each) => !each.optional).length
        const most = args.at(-1)?.repeats ? 4 : args.length
        const count = Math.min(Math.max(parts.length, least), most)
        return `${name}(${Array.from({ length: count }, (_, at) => parts[at % parts.length]).join(', ')})`
      })
    return {
      part: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.tuple(part, binary, part).map(([a, operator, b]) => `(${a}${operator}${b})`),
        call,
      ),
    }
  }).part

  /** What is known of each name: as much as of its value, or less. */
  const namesOf = (scope: Record<string, Json>, isLoose: boolean) =>
    Object.entries(scope).reduce(
      (all, [name, value]) =>
        all.with(
          name,
          isLoose ? withKinds(shapeOfJson(value), kind.nothing | kind.blank) : shapeOfJson(value),
        ),
      Names.none.with('nodes.s', {
        kinds: kind.object | kind.nothing,
        fields: new Map([['status', { kinds: kind.number | kind.nothing }]]),
      }),
    )

  test('are never said to fail for certain where they give a value, and give what was inferred', () => {
    let given = 0
    let failing = 0
    fc.assert(
      fc.property(source, scopes, fc.boolean(), fc.boolean(), (text, values, isLoose, isRun) => {
        const known = namesOf(values, isLoose)
        const scope: Scope = {
          names: { ...values, nodes: isRun ? { s: { status: 200 } } : {} },
          now: () => new Date(0),
        }
        let result: Json
        const found = checkValueShape(formula(text), known, undefined)
        try {
          result = evaluateValue(formula(text), scope)
        } catch (error) {
          if (!(error instanceof FormulaError)) throw error
          failing += found.some(({ certain }) => certain) ? 1 : 0
          return
        }
        given++
        expect(
          found.filter(({ certain }) => certain),
          text,
        ).toEqual([])
        const { kinds } = inferValue(formula(text), known)
        const isBlank = (result === null || result === '') && (kinds & kind.blank) !== 0
        expect(
          (shapeOfJson(result).kinds & kinds) !== 0 || isBlank,
          `${text} gave ${JSON.stringify(result)}`,
        ).toBe(true)
      }),
      { numRuns: 4_000 },
    )
    expect(given).toBeGreaterThan(500)
    expect(failing).toBeGreaterThan(300)
  })
})
