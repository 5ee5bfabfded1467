import { expect, it } from 'vitest'
import { functionWords } from '../../../src/fields/formula-words.ts'
import { createI18n } from '../../../src/i18n/index.ts'

const words = async (locale: 'en' | 'zh-CN') => {
  const { t } = await createI18n(locale)
  return functionWords(t, locale === 'zh-CN')
}

it('offers each function with what it takes, what it gives and an example', async () => {
  const found = (await words('en')).find(({ word }) => word === 'JOIN')
  expect(found).toEqual({
    word: 'JOIN',
    insert: 'JOIN(',
    detail: '(list, [separator])',
    help: expect.stringContaining('as one text'),
    example: 'Example: JOIN(lines.part, " + ")',
  })
})

it('offers functions in Chinese under both names', async () => {
  const all = await words('zh-CN')
  const joins = all.filter(({ detail }) => detail === '(列表, [分隔符])')
  expect(joins.map(({ insert }) => insert)).toEqual(['拼接(', 'JOIN('])
  expect(joins[1]!.example).toBe('示例：拼接(明细.名称，"、")')
})

it('offers the word for the item of a list', async () => {
  expect((await words('en')).at(-1)).toMatchObject({ word: 'item', insert: 'item' })
  expect((await words('zh-CN')).map(({ insert }) => insert)).toContain('当前项')
  expect((await words('en')).map(({ insert }) => insert)).not.toContain('当前项')
})
