import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { skipReason } from '../../nodes/directory/schema.ts'
import { ErrorCode } from '../../nodes/errors.ts'
import formulaEn from '../../nodes/locales/formula.en.json' with { type: 'json' }
import formulaZhCN from '../../nodes/locales/formula.zh-CN.json' with { type: 'json' }
import { locales, translate } from '../../nodes/locales/index.ts'
import { templateProblemKeys } from '../../nodes/message-templates/template-problem.ts'
import { messageStates } from '../../nodes/messages.ts'

const { en, 'zh-CN': zhCN } = locales

/** Dotted path → text. */
function leaves(texts: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string' ? [[path + key, value] as const] : [...leaves(value, `${path}${key}.`)],
    ),
  )
}
const holes = (text: string) => (text.match(/\{[A-Za-z]+\}/g) ?? []).sort().join()

describe.each([
  ['both languages', en, zhCN],
  ['both languages of the functions of formulas', formulaEn, formulaZhCN],
])('%s', (_, inEnglish, inChinese) => {
  const [english, chinese] = [leaves(inEnglish), leaves(inChinese)]

  test('have the same texts', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort())
  })

  test('have the same holes in each text', () => {
    const different = [...english].filter(([key, text]) => holes(text) !== holes(chinese.get(key) ?? ''))
    expect(different).toEqual([])
  })

  test('are written in their own script and punctuation', () => {
    expect([...english].filter(([, text]) => /\p{Script=Han}|[，。；：！？（）“”]/u.test(text))).toEqual([])
    expect([...chinese].filter(([, text]) => !/\p{Script=Han}/u.test(text))).toEqual([])
    expect(
      [...chinese].filter(([, text]) => /\p{Script=Han}[,;:!?]|[,;:!?]\p{Script=Han}/u.test(text)),
    ).toEqual([])
  })
})

describe('there is a text, and none too many, for', () => {
  test('each error code', () => {
    expect(Object.keys(en.errors).sort()).toEqual(Object.values(ErrorCode).sort())
    for (const texts of Object.values(en.errors)) {
      expect(texts).toMatchObject({ title: expect.any(String), hint: expect.any(String) })
    }
  })

  test('each reason to skip somebody', () => {
    expect(Object.keys(en.skipped).sort()).toEqual([...skipReason.options].sort())
  })

  test('each state of a message', () => {
    expect(Object.keys(en.messageStates).sort()).toEqual([...messageStates].sort())
  })

  test('each problem that a check can report', () => {
    const sources = [
      'nodes/graph/validate-graph.ts',
      'nodes/directory/check-recipient-value.ts',
      'nodes/on-error.ts',
      'nodes/approval/sms-text.ts',
      'nodes/approval/process-problems.ts',
      ...globSync('nodes/*/definition.ts'),
    ]
    const reported = sources
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\bkey: '(\w+)'|'(param\w+)'|portMissing/g)])
      .map(([whole, key, param]) => key ?? param ?? whole)
    const made = ['memberMissing', 'departmentMissing', 'roleMissing', 'formula', 'value', 'template']
    made.push('onErrorInput', 'onErrorInputType', 'followedNotPublished')
    expect([...new Set([...reported, ...made])].sort()).toEqual(Object.keys(en.problems).sort())
  })

  test('each problem of a message template', () => {
    expect(Object.keys(en.problems.template).sort()).toEqual([...templateProblemKeys].sort())
  })

  test('each message of a settings schema', () => {
    const keys = globSync(
      'nodes/{,api,services/sms,graph,directory,message-templates,http-request}/*.ts',
    ).flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\b(?:error|message): '([a-z]\w*)'/g)].map(
        (match) => match[1]!,
      ),
    )
    expect(keys.length).toBeGreaterThan(10)
    expect(keys.filter((key) => !Object.hasOwn(en.validation, key))).toEqual([])
  })
})

describe('translate', () => {
  test('fills the holes', () => {
    expect(translate('en', 'problems.portMissing', { port: 'sent' })).toContain('"sent"')
    expect(translate('zh-CN', 'problems.portMissing', { port: 'sent' })).toContain('“sent”')
  })

  test('leaves a hole without a fact, and a fact that looks like a hole, as they are', () => {
    expect(translate('en', 'problems.unknownType', {})).toContain('{type}')
    expect(translate('en', 'problems.unknownType', { type: '{type}$&' })).toContain('"{type}$&"')
  })

  test.each(['errors', 'errors.NOPE.title', 'constructor.name', '__proto__'])(
    'gives the key of %s back',
    (key) => {
      expect(translate('zh-CN', key)).toBe(key)
    },
  )
})
