import { expect, test } from 'vitest'
import { pickByLocale } from '../../../nodes/message-templates/pick-locale.ts'

const texts = { en: 'Hello', 'en-GB': 'Good day', 'zh-CN': '你好', de: 'Hallo' }

test.each([
  ['exactly the locale', 'en-GB', 'en-GB'],
  ['whatever its capitals and dashes', 'ZH_cn', 'zh-CN'],
  ['else the language alone', 'de-AT', 'de'],
  ['before another region of it', 'en-US', 'en'],
  ['else another region of the language', 'zh-TW', 'zh-CN'],
  ['else the default locale', 'fr', 'de'],
  ['and that for people whose locale is not known', undefined, 'de'],
])('takes %s: %s', (_, wanted, picked) => {
  expect(pickByLocale(texts, wanted, 'de')).toEqual({
    locale: picked,
    value: texts[picked as keyof typeof texts],
  })
})

test('finds nothing where the default locale has nothing either', () => {
  expect(pickByLocale({ de: 'Hallo' }, 'fr', 'en')).toBeUndefined()
})
