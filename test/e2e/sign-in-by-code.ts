import type { Browser, Page } from '@playwright/test'
import type { LoginMethod } from '../../nodes/login/mobile-login.ts'
import type { SandboxMessage } from '../../nodes/api/sandbox.ts'
import type { Product } from '../support/product.ts'
import { expect, type Language, type Texts } from './fixtures.ts'

export const phoneSize = { width: 390, height: 844 }
export const sizes = { '390 px': phoneSize, '1280 px': { width: 1280, height: 800 } }

/** A mobile login on the sandbox service of the example data; numbers of three countries get codes. */
export async function makeMethod(product: Product, changes: Partial<LoginMethod> = {}): Promise<LoginMethod> {
  const services = await product.api<{ id: string }[]>('GET', '/api/sms-services')
  const { status, body } = await product.api<LoginMethod>('POST', '/api/login-methods', {
    name: 'Sign in by phone',
    service: services.body[0]!.id,
    templateText: 'Your code: ${code}',
    countries: ['US', 'GB', 'DE'],
    ...changes,
  })
  expect(status).toBe(201)
  return body
}

/** The newest text on a sandbox phone that holds what is looked for. */
export async function textOn(product: Product, phone: string, holds: RegExp): Promise<string> {
  let found = ''
  await expect(async () => {
    const { body } = await product.api<SandboxMessage[]>('GET', '/api/sandbox/messages')
    found = body.find(({ to, text }) => to === phone && holds.test(text))?.text ?? ''
    expect(found).toMatch(holds)
  }).toPass()
  return found
}

/** The code of the newest text on a sandbox phone. */
export async function codeOn(product: Product, phone: string, except = ''): Promise<string> {
  let code = ''
  await expect(async () => {
    const { body } = await product.api<SandboxMessage[]>('GET', '/api/sandbox/messages')
    code = /\d{6}/.exec(body.find(({ to }) => to === phone)?.text ?? '')?.[0] ?? ''
    expect(code).toMatch(/^\d{6}$/)
    expect(code).not.toBe(except)
  }).toPass()
  return code
}

export async function visit(
  browser: Browser,
  product: Product,
  language: Language,
  viewport = phoneSize,
  place = '',
) {
  const context = await browser.newContext({ locale: language, viewport })
  const page = await context.newPage()
  await page.goto(`${product.url}${place}`)
  return page
}

export async function askForCode(page: Page, t: Texts, country: string, number: string) {
  await page.getByLabel(t('login.signIn.country')).selectOption(country)
  await page.getByRole('textbox', { name: t('login.signIn.phone') }).fill(number)
  await page.getByRole('button', { name: t('login.signIn.ask') }).click()
  await expect(page.getByLabel(t('login.signIn.code'))).toBeFocused()
}

/** Opens the product in a browser of its own and signs in by the code of a text. */
export async function enter(
  browser: Browser,
  product: Product,
  language: Language,
  t: Texts,
  { number = '202 555 0101', viewport = phoneSize, except = '' } = {},
): Promise<Page> {
  const page = await visit(browser, product, language, viewport)
  await askForCode(page, t, 'US', number)
  const code = await codeOn(product, `+1${number.replaceAll(' ', '')}`, except)
  await page.getByLabel(t('login.signIn.code')).fill(code)
  await expect(page.getByLabel(t('login.signIn.code'))).toBeHidden()
  return page
}
