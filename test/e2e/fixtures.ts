import { AxeBuilder } from '@axe-core/playwright'
import { expect, test as base } from '@playwright/test'
import type { Page } from '@playwright/test'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import english from '../../src/locales/en.json' with { type: 'json' }
import chinese from '../../src/locales/zh-CN.json' with { type: 'json' }
import englishFunction from '../../src/locales/function.en.json' with { type: 'json' }
import chineseFunction from '../../src/locales/function.zh-CN.json' with { type: 'json' }
import englishCanvas from '../../src/locales/canvas.en.json' with { type: 'json' }
import chineseCanvas from '../../src/locales/canvas.zh-CN.json' with { type: 'json' }
import englishServices from '../../src/locales/services.en.json' with { type: 'json' }
import chineseServices from '../../src/locales/services.zh-CN.json' with { type: 'json' }
import englishTemplates from '../../src/locales/templates.en.json' with { type: 'json' }
import chineseTemplates from '../../src/locales/templates.zh-CN.json' with { type: 'json' }
import englishMessages from '../../src/locales/messages.en.json' with { type: 'json' }
import chineseMessages from '../../src/locales/messages.zh-CN.json' with { type: 'json' }
import englishXRay from '../../src/locales/x-ray.en.json' with { type: 'json' }
import chineseXRay from '../../src/locales/x-ray.zh-CN.json' with { type: 'json' }
import englishDeliveries from '../../src/locales/deliveries.en.json' with { type: 'json' }
import chineseDeliveries from '../../src/locales/deliveries.zh-CN.json' with { type: 'json' }
import englishTriggers from '../../src/locales/triggers.en.json' with { type: 'json' }
import chineseTriggers from '../../src/locales/triggers.zh-CN.json' with { type: 'json' }
import englishVersions from '../../src/locales/versions.en.json' with { type: 'json' }
import chineseVersions from '../../src/locales/versions.zh-CN.json' with { type: 'json' }
import englishTryIt from '../../src/locales/try-it.en.json' with { type: 'json' }
import chineseTryIt from '../../src/locales/try-it.zh-CN.json' with { type: 'json' }
import englishInbox from '../../src/locales/inbox.en.json' with { type: 'json' }
import chineseInbox from '../../src/locales/inbox.zh-CN.json' with { type: 'json' }
import englishLogin from '../../src/locales/login.en.json' with { type: 'json' }
import chineseLogin from '../../src/locales/login.zh-CN.json' with { type: 'json' }
import englishApprovals from '../../src/locales/approvals.en.json' with { type: 'json' }
import chineseApprovals from '../../src/locales/approvals.zh-CN.json' with { type: 'json' }
import englishAudit from '../../src/locales/audit.en.json' with { type: 'json' }
import chineseAudit from '../../src/locales/audit.zh-CN.json' with { type: 'json' }
import englishFormula from '../../nodes/locales/formula.en.json' with { type: 'json' }
import chineseFormula from '../../nodes/locales/formula.zh-CN.json' with { type: 'json' }
import englishShared from '../../nodes/locales/en.json' with { type: 'json' }
import chineseShared from '../../nodes/locales/zh-CN.json' with { type: 'json' }

export const languages = ['en', 'zh-CN'] as const
export type Language = (typeof languages)[number]

/** The page's texts in the language under test. */
export type Texts = (key: string, params?: Record<string, string | number>) => string

const all = {
  en: [
    english,
    englishFunction,
    englishCanvas,
    englishServices,
    englishTemplates,
    englishMessages,
    englishXRay,
    englishDeliveries,
    englishTriggers,
    englishVersions,
    englishTryIt,
    englishInbox,
    englishLogin,
    englishApprovals,
    englishAudit,
    englishFormula,
    englishShared,
  ],
  'zh-CN': [
    chinese,
    chineseFunction,
    chineseCanvas,
    chineseServices,
    chineseTemplates,
    chineseMessages,
    chineseXRay,
    chineseDeliveries,
    chineseTriggers,
    chineseVersions,
    chineseTryIt,
    chineseInbox,
    chineseLogin,
    chineseApprovals,
    chineseAudit,
    chineseFormula,
    chineseShared,
  ],
}

export function textsOf(language: Language): Texts {
  return (key, params = {}) => {
    for (const file of all[language]) {
      let found: unknown = file
      for (const part of key.split('.')) found = (found as Record<string, unknown> | undefined)?.[part]
      if (typeof found === 'string') {
        return found.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name]))
      }
    }
    throw new Error(`No text ${key} in ${language}`)
  }
}

/** The real product, one per test, and a page that came in by its link. */
export const test = base.extend<{
  product: Product
  language: Language
  /** Part of a complaint of the browser that the test provokes, such as a refused request. */
  provoked: string | null
  t: Texts
  app: Page
  closeAll: undefined
}>({
  provoked: [null, { option: true }],
  language: ['en', { option: true }],
  t: async ({ language }, use) => use(textsOf(language)),
  // eslint-disable-next-line no-empty-pattern -- Playwright wants the pattern
  product: async ({}, use) => {
    const product = await startProduct()
    await use(product)
    await product.stop()
  },
  // pages that a test leaves open would go on asking a server that is gone, beside the tests after it
  closeAll: [
    async ({ browser }, use) => {
      await use(undefined)
      for (const context of browser.contexts()) await context.close()
    },
    { auto: true },
  ],
  app: async ({ browser, product, language, provoked }, use) => {
    const context = await browser.newContext({
      locale: language,
      viewport: { width: 1440, height: 900 },
      // what moves is drawn without a graphics card here, and costs each test a tenth of its time
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    const troubles: string[] = []
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return
      if (provoked === null || !message.text().includes(provoked)) troubles.push(message.text())
    })
    page.on('pageerror', (error) => troubles.push(error.message))
    await page.goto(product.link)
    // signed in: what a test opens next finds its session
    await expect(page.getByRole('treeitem').first()).toBeVisible()
    await use(page)
    await context.close()
    expect(troubles, 'nothing complains in the browser console').toEqual([])
  },
})

export { expect }

/** No serious or critical finding of axe on what is shown now. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    // whole reports of what is in order, and a page of their own to put them together, take half of a test's time
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .setLegacyMode(true)
    .analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([])
}
