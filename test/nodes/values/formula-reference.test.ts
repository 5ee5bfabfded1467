import { expect, test } from 'vitest'
import type { Json } from '../../../nodes/json.ts'
import english from '../../../nodes/locales/formula.en.json' with { type: 'json' }
import chinese from '../../../nodes/locales/formula.zh-CN.json' with { type: 'json' }
import { functionHelp } from '../../../nodes/values/formula/function-help.ts'
import { formulaFunctions, functionGroups } from '../../../nodes/values/formula/functions.ts'
import { compileFormula } from '../../../nodes/values/formula/formula.ts'

interface Page {
  file: string
  language: string
  texts: typeof english
  title: string
  intro: string
  columns: string
  names: Record<string, Json>
}

const pages: Page[] = [
  {
    file: 'formula-functions.md',
    language: 'en',
    texts: english,
    title: 'Functions of formulas',
    intro:
      'Every function, with an example and what it gives. The examples use `device` (`"Pump 3"`), `severity` (`4`), `remark`\n' +
      '(nothing), `lines` (two objects with `part`, `quantity` and `price`), `department` (Maintenance) and `colleague` (a\n' +
      'member); the organisation is in Shanghai, where it is 06:30 on September 1, 2026. What holds for all of them is in [formulas.md](formulas.md). 中文：[公式函数](formula-functions.zh-CN.md).',
    columns: '| function | gives | example | result |',
    names: {
      device: 'Pump 3',
      severity: 4,
      remark: null,
      department: { kind: 'department', id: 'd7', name: 'Maintenance' },
      colleague: { kind: 'member', id: 'm3', name: 'Ann' },
      lines: [
        { part: 'Seal', quantity: 2, price: 12.5 },
        { part: 'Valve', quantity: 1, price: 80 },
      ],
    },
  },
  {
    file: 'formula-functions.zh-CN.md',
    language: 'zh-CN',
    texts: chinese,
    title: '公式函数',
    intro:
      '每个函数的说明、示例和结果。每个函数都有英文名和中文名，可以任选。示例中用到 `设备`（`"三号泵"`）、`级别`（`4`）、\n' +
      '`备注`（空）、`明细`（两个对象，含 `名称`、`数量`、`单价`）、`部门`（维修部）和 `同事`（一位成员）；组织位于上海，当地时间为 2026 年 9 月 1 日 06:30。\n' +
      '通用规则见 [formulas.md](formulas.md)。English: [Functions of formulas](formula-functions.md).',
    columns: '| 函数 | 说明 | 示例 | 结果 |',
    names: {
      设备: '三号泵',
      级别: 4,
      备注: null,
      部门: { kind: 'department', id: 'd7', name: '维修部' },
      同事: { kind: 'member', id: 'm3', name: '安' },
      明细: [
        { 名称: '密封圈', 数量: 2, 单价: 12.5 },
        { 名称: '阀门', 数量: 1, 单价: 80 },
      ],
    },
  },
]

function textAt(texts: object, key: string): string {
  let found: unknown = texts
  for (const part of key.split('.')) found = (found as Record<string, unknown>)[part]
  if (typeof found !== 'string') throw new Error(`No text ${key}`)
  return found
}

const cell = (text: string) => text.replaceAll('|', '\\|')

function reference({ language, texts, title, intro, columns, names }: Page): string {
  const evaluate = (source: string) =>
    compileFormula(source).evaluate({
      names,
      now: () => new Date('2026-08-31T22:30:00Z'),
      random: () => 0.5,
      timeZone: 'Asia/Shanghai',
      language,
    })
  const lines = [`# ${title}`, '', intro]
  for (const [group, functions] of Object.entries(functionGroups)) {
    lines.push('', `## ${textAt(texts, `formula.groups.${group}`)}`, '', columns, '|---|---|---|---|')
    for (const each of functions) {
      const isChinese = language === 'zh-CN'
      const { name, signature, help, example } = functionHelp(each, (key) => textAt(texts, key), isChinese)
      const names = isChinese ? `\`${each.name}\` \`${name}${signature}\`` : `\`${name}${signature}\``
      const result = JSON.stringify(evaluate(example))
      lines.push(`| ${names} | ${cell(help)} | \`${cell(example)}\` | \`${cell(result)}\` |`)
    }
  }
  return `${lines.join('\n')}\n`
}

test.each(pages)('docs/$file says what the functions do (-u writes it)', async (page) => {
  await expect(reference(page)).toMatchFileSnapshot(`../../../docs/${page.file}`)
})

test.each(pages)(
  'every function and argument has its words in $language, and none is there too many',
  ({ texts }) => {
    const { functions, arguments: words } = texts.formula
    expect(Object.keys(functions)).toEqual(formulaFunctions.map(({ name }) => name))
    const named = new Set(formulaFunctions.flatMap(({ args }) => args.map(({ name }) => name)))
    expect(Object.keys(words).sort()).toEqual([...named].sort())
  },
)

test.each(pages)(
  'every example in $language uses its function by the name of that language',
  ({ texts, language }) => {
    for (const { name, alias } of formulaFunctions) {
      const { example } = texts.formula.functions[name as keyof typeof english.formula.functions]
      expect(example).toContain(`${language === 'en' ? name : alias}(`)
    }
  },
)
