import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FlowError } from '../../nodes/errors.ts'
import { checkJsonText, JsonTextError, parseJsonText } from '../../nodes/json-scan.ts'

const limits = { maxBytes: 1_000_000, maxDepth: 64 }

function refusal(text: string, within = limits) {
  try {
    checkJsonText(text, within)
  } catch (error) {
    if (error instanceof FlowError) return error
    throw error
  }
  return undefined
}

test.each<[name: string, text: string, reason: string, line: number, column: number]>([
  ['nothing', '', 'unexpectedEnd', 1, 1],
  ['an open object', '{"a": 1', 'unexpectedEnd', 1, 8],
  ['a word', '{"a": hello}', 'unexpected', 1, 7],
  ['a second value', '{} {}', 'unexpected', 1, 4],
  ['a comma too many', '[1,\n 2,\n]', 'unexpected', 3, 1],
  ['a key without quotes', '{a: 1}', 'unexpected', 1, 2],
  ['single quotes', "{'a': 1}", 'unexpected', 1, 2],
  ['a wrong bracket', '[1}', 'unexpected', 1, 3],
  ['a leading zero', '[01]', 'unexpected', 1, 3],
  ['a line break in a text', '["a\nb"]', 'controlCharacter', 1, 4],
  ['an unknown escape', '["\\x41"]', 'unexpected', 1, 4],
  ['a short unicode escape', '["\\u12"]', 'unexpected', 1, 7],
  ['a prototype key', '{"a": {"__proto__": {}}}', 'forbiddenKey', 1, 8],
  ['a prototype key in escapes', '{"\\u005f_proto\\u005f_": 1}', 'forbiddenKey', 1, 2],
  ['a constructor key', '{"constructor" : {"prototype": 1}}', 'forbiddenKey', 1, 2],
])('refuses %s and says where', (_name, text, reason, line, column) => {
  const error = refusal(text)
  expect(error).toBeInstanceOf(JsonTextError)
  expect(error).toMatchObject({ code: 'BODY_INVALID', line, column, params: { reason } })
})

test('says nothing of the text itself', () => {
  expect(refusal('{"phone": +12025550123}')!.message).not.toContain('2025550123')
})

test('takes a forbidden word as a value', () => {
  expect(parseJsonText('["__proto__", "constructor"]', limits)).toEqual(['__proto__', 'constructor'])
})

test('counts depth, not length', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  expect(refusal(nested(64))).toBeUndefined()
  expect(refusal(nested(65))).toMatchObject({ params: { reason: 'tooDeep', column: 65 } })
  expect(refusal(`[${'{"a":[]},'.repeat(10_000)}1]`)).toBeUndefined()
})

test('counts bytes as UTF-8', () => {
  const within = (maxBytes: number) => ({ maxBytes, maxDepth: 1 })
  for (const text of ['"abcd"', '"é"', '"好"', '"🚨"']) {
    const bytes = new TextEncoder().encode(text).length
    expect(refusal(text, within(bytes)), text).toBeUndefined()
    expect(refusal(text, within(bytes - 1)), text).toMatchObject({ code: 'BODY_TOO_LARGE' })
  }
})

test.each([
  ['a million brackets', '['.repeat(1_000_000)],
  ['a million quotes', '"'.repeat(1_000_000)],
  ['a million backslashes', `"${'\\'.repeat(1_000_000)}`],
  ['a million digits', '1'.repeat(1_000_000)],
  ['a million keys', `{${'"a":1,'.repeat(1_000_000)}"a":1}`],
])('answers quickly to %s', (_name, text) => {
  const started = performance.now()
  refusal(text, { maxBytes: 50_000_000, maxDepth: 64 })
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('agrees with JSON.parse on whatever it is given', () => {
  const characters = fc.constantFrom(...'{}[]",:\\u0019.-+eE truefalsn\n')
  const mutated = fc
    .tuple(fc.json(), fc.nat(), fc.string({ unit: characters, maxLength: 3 }))
    .map(([text, at, inserted]) => {
      const place = at % (text.length + 1)
      return text.slice(0, place) + inserted + text.slice(place + (at % 3))
    })
  fc.assert(
    fc.property(fc.oneof(fc.json(), mutated, fc.string({ unit: characters })), (text) => {
      let isJson = true
      try {
        JSON.parse(text)
      } catch {
        isJson = false
      }
      fc.pre(!/__proto__|constructor|prototype/.test(text))
      expect(refusal(text) === undefined).toBe(isJson)
    }),
    { numRuns: 3_000 },
  )
})
