import { describe, expect, it } from 'vitest'
import { mergeTexts, preferredLocale } from '../../../src/i18n/texts.ts'
import { translate, type Texts } from '../../../src/i18n/translate.ts'
import { createI18n, type TextKey } from '../../../src/i18n/useI18n.ts'

const english: Texts = {
  a: {
    hello: 'Hello {name}',
    only: 'Only English',
    people: { one: '{count} person', other: '{count} people' },
  },
}
const chinese: Texts = { a: { hello: '{name}，你好', people: { other: '{count} 人' } } }
const key = (text: string) => text as TextKey

describe('translate', () => {
  it('fills parameters and leaves unknown ones in sight', () => {
    expect(translate(english, 'en', 'a.hello', { name: 'Ana' })).toBe('Hello Ana')
    expect(translate(english, 'en', 'a.hello', { other: 'x' })).toBe('Hello {name}')
  })

  it('does not fill a parameter that a value brings along', () => {
    expect(translate({ t: '{a}{b}' }, 'en', 't', { a: '{b}', b: 'x' })).toBe('{b}x')
  })

  it('picks the plural form by the rules of the language', () => {
    expect(translate(english, 'en', 'a.people', { count: 1 })).toBe('1 person')
    expect(translate(english, 'en', 'a.people', { count: 1200 })).toBe('1,200 people')
    expect(translate(chinese, 'zh-CN', 'a.people', { count: 1 })).toBe('1 人')
  })

  it('knows no text by the names that every object has', () => {
    expect(translate(english, 'en', 'a.constructor')).toBeUndefined()
    expect(translate(english, 'en', 'toString.name')).toBeUndefined()
  })
})

describe('createI18n', () => {
  const load = async (locale: string) => (locale === 'en' ? english : chinese)

  it('switches the language and falls back to English, then to the key', async () => {
    const { t, has, locale, setLocale } = await createI18n('en', load)
    expect(t(key('a.hello'), { name: 'Ana' })).toBe('Hello Ana')
    await setLocale('zh-CN')
    expect(locale.value).toBe('zh-CN')
    expect(t(key('a.hello'), { name: 'Ana' })).toBe('Ana，你好')
    expect(t(key('a.only'))).toBe('Only English')
    expect(t(key('a.nothing'))).toBe('a.nothing')
    expect([has('a.only'), has('a.nothing')]).toEqual([true, false])
  })

  it('keeps two editors apart', async () => {
    const [one, two] = await Promise.all([createI18n('en', load), createI18n('zh-CN', load)])
    expect(one.t(key('a.people'), { count: 2 })).toBe('2 people')
    expect(two.t(key('a.people'), { count: 2 })).toBe('2 人')
  })
})

describe('preferredLocale', () => {
  it.each([
    ['zh-CN', ['en-GB'], 'zh-CN'],
    [null, ['zh-Hans-CN', 'en'], 'zh-CN'],
    [null, ['fr-FR', 'en-GB', 'zh-CN'], 'en'],
    ['klingon', ['fr'], 'en'],
  ] as const)('stored %s and browser %s give %s', (stored, browser, expected) => {
    expect(preferredLocale(stored, browser)).toBe(expected)
  })
})

it('merges areas that share a branch', () => {
  expect(mergeTexts([{ nodes: { a: '1' } }, { nodes: { b: '2' } }, { c: '3' }])).toEqual({
    nodes: { a: '1', b: '2' },
    c: '3',
  })
})
