import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { smsProviders, type SmsProviderName } from '../../../nodes/services/sms/settings.ts'
import { sandboxFault } from '../../../nodes/api/sandbox.ts'
import { loadTexts } from '../../../src/i18n/texts.ts'
import { textAt, type Texts } from '../../../src/i18n/translate.ts'

const source = join(import.meta.dirname, '../../../src')
const [english, chinese] = await Promise.all([loadTexts('en'), loadTexts('zh-CN')])

/** Every leaf with its text; plural forms are one leaf. */
function leaves(texts: Texts, path = ''): [key: string, text: string][] {
  return Object.entries(texts).flatMap(([key, value]): [string, string][] => {
    if (typeof value === 'string') return [[path + key, value]]
    if (typeof value['other'] === 'string') return [[path + key, value['other']]]
    return leaves(value, `${path}${key}.`)
  })
}
const parameters = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

describe('the two languages', () => {
  it('have the same texts', () => {
    const keys = (texts: Texts) =>
      leaves(texts)
        .map(([key]) => key)
        .sort()
    expect(keys(chinese)).toEqual(keys(english))
  })

  it('fill the same parameters', () => {
    const chineseTexts = new Map(leaves(chinese))
    const different = leaves(english).filter(
      ([key, text]) => parameters(text).join() !== parameters(chineseTexts.get(key) ?? '').join(),
    )
    expect(different).toEqual([])
  })

  it('leave no text empty but a help that is not needed', () => {
    expect(
      [...leaves(english), ...leaves(chinese)].filter(
        ([key, text]) => text.trim() === '' && !key.endsWith('.help'),
      ),
    ).toEqual([])
  })
})

it('has a text for every key that the source names', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(ts|vue)$/.test(file),
  )
  const missing = files.flatMap((file) => {
    const keys = readFileSync(join(source, file), 'utf8').matchAll(/\bt\(\s*'([\w.-]+)'/g)
    return [...keys].map((match) => match[1]!).filter((key) => textAt(english, key) === undefined)
  })
  expect(missing).toEqual([])
})

it('names every setting of every provider, and each choice', () => {
  const missing = (Object.keys(smsProviders) as SmsProviderName[]).flatMap((provider) =>
    Object.keys(smsProviders[provider].settings.shape)
      .map((field) => `services.${provider}.${field}.label`)
      .filter((key) => textAt(english, key) === undefined),
  )
  expect(missing).toEqual([])
})

it('explains every fault of the sandbox', () => {
  const faults = sandboxFault.options.filter((fault) => fault !== 'none')
  expect(faults.filter((fault) => !textAt(english, `sandbox.faults.${fault}.help`))).toEqual([])
})
