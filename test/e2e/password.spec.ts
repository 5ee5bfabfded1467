import type { Browser, Page } from '@playwright/test'
import type { Account } from '../../nodes/api/accounts.ts'
import { expect, expectAccessible, languages, test, type Texts } from './fixtures.ts'
import { appCode } from '../support/totp.ts'
import { enter, makeMethod, sizes, visit } from './sign-in-by-code.ts'

const PASSWORD = 'seven goats on a roof'
const OTHER = 'a boat full of lemons'

/** Sets a first password on the account page that is open. */
async function setPassword(page: Page, t: Texts, name: string, password = PASSWORD) {
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: t('credentials.password.set') }).click()
  await dialog.getByRole('textbox', { name: t('credentials.password.name') }).fill(name)
  await dialog.getByLabel(t('credentials.password.new')).fill(password)
  await dialog.getByRole('button', { name: t('ui.save') }).click()
  await expect(dialog).toBeHidden()
}

async function signIn(page: Page, t: Texts, name: string, password: string) {
  const way = page.getByRole('button', { name: t('credentials.password.way') })
  const field = page.getByRole('textbox', { name: t('credentials.password.nameOrPhone') })
  await expect(way.or(field).first()).toBeVisible()
  if (!(await field.isVisible())) await way.click()
  await field.fill(name)
  await page.locator('.password-sign-in [name=password]').fill(password)
  await page.getByRole('button', { name: t('signIn.action'), exact: true }).click()
}

/** A phone that is unlocked, as Chromium plays it. */
async function addAuthenticator(page: Page) {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
}

async function newPage(browser: Browser, language: string, viewport: { width: number; height: number }) {
  return (await browser.newContext({ locale: language, viewport })).newPage()
}

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    for (const [size, viewport] of Object.entries(sizes)) {
      test(`a member sets a password, comes in by it, changes and removes it at ${size}`, async ({
        browser,
        product,
        t,
      }) => {
        await makeMethod(product)
        const page = await enter(browser, product, language, t, { viewport })
        await page.goto(`${product.url}/#/account`)
        const section = page.getByTestId('own-password')
        await expect(section).toContainText(t('credentials.password.none'))
        await page.getByRole('button', { name: t('credentials.password.set') }).click()
        const dialog = page.getByRole('dialog')
        const field = dialog.getByLabel(t('credentials.password.new'))
        await expect(dialog.getByRole('textbox', { name: t('credentials.password.name') })).toHaveValue(
          'Amara Okafor',
        )
        await field.fill('password123')
        await dialog.getByRole('button', { name: t('ui.save') }).click()
        await expect(dialog.getByText(t('validation.passwordCommon'))).toBeVisible()
        await expect(field).toBeFocused()
        await expectAccessible(page)
        await field.fill(PASSWORD)
        await dialog.getByRole('button', { name: t('credentials.password.show') }).click()
        await expect(field).toHaveAttribute('type', 'text')
        await dialog.getByRole('button', { name: t('ui.save') }).click()
        await expect(section).toContainText('Amara Okafor')
        await expectAccessible(page)

        const other = await visit(browser, product, language, viewport)
        await signIn(other, t, '+1 202 555 0101', OTHER)
        await expect(other.getByText(t('errors.PASSWORD_WRONG.title'))).toBeVisible()
        await expectAccessible(other)
        await signIn(other, t, 'amara okafor', PASSWORD)
        await expect(other.getByTestId('inbox-list')).toBeVisible()

        await page.getByRole('button', { name: t('credentials.password.change') }).click()
        await dialog.getByLabel(t('credentials.password.present')).fill(OTHER)
        await field.fill(OTHER)
        await dialog.getByRole('button', { name: t('ui.save') }).click()
        await expect(dialog.getByText(t('credentials.password.presentWrong'))).toBeVisible()
        await dialog.getByLabel(t('credentials.password.present')).fill(PASSWORD)
        await dialog.getByRole('button', { name: t('ui.save') }).click()
        await expect(dialog).toBeHidden()
        // every other browser is out
        await other.reload()
        await signIn(other, t, 'Amara Okafor', OTHER)
        await expect(other.getByTestId('inbox-list')).toBeVisible()

        await page.getByRole('button', { name: t('credentials.password.remove') }).click()
        await dialog.getByLabel(t('credentials.password.present')).fill(OTHER)
        await expectAccessible(page)
        await dialog.getByRole('button', { name: t('credentials.password.remove') }).click()
        await expect(section).toContainText(t('credentials.password.none'))
        await other.context().close()
        await page.context().close()
      })
    }

    for (const [size, viewport] of Object.entries(sizes)) {
      test(`a member asks for codes of an app and comes in by one, and by a recovery code at ${size}`, async ({
        browser,
        product,
        t,
      }) => {
        await makeMethod(product)
        const page = await enter(browser, product, language, t, { viewport })
        await page.goto(`${product.url}/#/account`)
        await setPassword(page, t, 'Amara')
        const section = page.getByTestId('own-second-factor')
        await section.getByRole('button', { name: t('credentials.factor.turnOn') }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByLabel(t('credentials.password.present')).fill(PASSWORD)
        await dialog.getByRole('button', { name: t('credentials.next') }).click()
        await expect(dialog.getByRole('img', { name: t('credentials.factor.picture') })).toBeVisible()
        const secret = (await dialog.getByTestId('secret').textContent())!
        await expectAccessible(page)
        const code = dialog.getByRole('textbox', { name: t('credentials.factor.code') })
        await code.fill('no code')
        await dialog.getByRole('button', { name: t('credentials.factor.turnOnNow') }).click()
        await expect(dialog.getByText(t('credentials.factor.wrong'))).toBeVisible()
        await code.fill(appCode(secret, Date.now()))
        await dialog.getByRole('button', { name: t('credentials.factor.turnOnNow') }).click()
        const list = dialog.getByTestId('recovery-codes').getByRole('listitem')
        await expect(list).toHaveCount(10)
        const codes = await list.allTextContents()
        await expectAccessible(page)
        await dialog.getByRole('button', { name: t('credentials.factor.kept') }).click()
        await expect(section).toContainText('10')
        await expectAccessible(page)

        // the next step of the app: each code is taken once
        for (const shown of [appCode(secret, Date.now() + 30_000), codes[0]!]) {
          const other = await visit(browser, product, language, viewport)
          await signIn(other, t, 'Amara', PASSWORD)
          const field = other.getByRole('textbox', { name: t('credentials.factor.code') })
          await expect(field).toBeFocused()
          await field.fill('000000')
          await field.press('Enter')
          await expect(other.getByText(t('credentials.factor.wrongHere'))).toBeVisible()
          await expectAccessible(other)
          await field.fill(shown)
          await field.press('Enter')
          await expect(other.getByTestId('inbox-list')).toBeVisible()
          await other.context().close()
        }

        await page.reload()
        await expect(section).toContainText('9')
        await section.getByRole('button', { name: t('credentials.factor.turnOff') }).click()
        await dialog.getByLabel(t('credentials.password.present')).fill(PASSWORD)
        await dialog.getByRole('button', { name: t('credentials.factor.turnOff') }).click()
        await expect(section).toContainText(t('credentials.factor.none'))
        await page.context().close()
      })
    }

    for (const [size, viewport] of Object.entries(sizes)) {
      test(`a member adds a passkey, comes in by it, names and removes it at ${size}`, async ({
        browser,
        product,
        t,
      }) => {
        await makeMethod(product)
        const named = { ...product, url: product.url.replace('127.0.0.1', 'localhost') }
        const page = await enter(browser, named, language, t, { viewport })
        await addAuthenticator(page)
        await page.goto(`${named.url}/#/account`)
        const section = page.getByTestId('own-passkeys')
        await expect(section).toContainText(t('credentials.passkeys.none'))
        await section.getByRole('button', { name: t('credentials.passkeys.add') }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByRole('textbox', { name: t('credentials.passkeys.name') }).fill('Phone')
        await expectAccessible(page)
        await dialog.getByRole('button', { name: t('credentials.next') }).click()
        await expect(section).toContainText('Phone')
        await expect(section).toContainText(t('credentials.passkeys.unused'))
        await expectAccessible(page)

        await page.context().clearCookies()
        await page.goto(`${named.url}/sign-in`)
        const way = page.getByRole('button', { name: t('credentials.passkeys.way') })
        await expect(way).toBeVisible()
        await expectAccessible(page)
        await way.click()
        await expect(page.getByTestId('inbox-list')).toBeVisible()
        await page.goto(`${named.url}/#/account`)
        await expect(section).not.toContainText(t('credentials.passkeys.unused'))

        await section
          .getByRole('button', { name: t('credentials.passkeys.renameNamed', { name: 'Phone' }) })
          .click()
        await dialog.getByRole('textbox').fill('Old phone')
        await dialog.getByRole('button', { name: t('ui.save') }).click()
        await section
          .getByRole('button', { name: t('credentials.passkeys.removeNamed', { name: 'Old phone' }) })
          .click()
        await dialog.getByRole('button', { name: t('credentials.passkeys.remove') }).click()
        await expect(section).toContainText(t('credentials.passkeys.none'))
        await page.context().close()
      })
    }

    test('a page that is open under an address says that it has no passkeys', async ({ app, product, t }) => {
      await app.goto(`${product.url}/#/account`)
      const section = app.getByTestId('own-passkeys')
      await expect(section).toContainText(t('credentials.passkeys.address'))
      await expect(section.getByRole('button')).toBeHidden()
    })

    test('an administrator comes in by the link once, by a password from then on, and takes away that of a member', async ({
      app,
      browser,
      product,
      t,
    }) => {
      await app.getByRole('button', { name: t('account.title') }).click()
      await app.getByRole('menuitem', { name: t('account.title') }).click()
      await setPassword(app, t, 'Root')
      await expect(app.getByTestId('own-password')).toContainText('Root')
      await expectAccessible(app)

      const page = await newPage(browser, language, { width: 1280, height: 800 })
      await page.goto(product.url)
      await signIn(page, t, 'root', PASSWORD)
      await expect(page.getByRole('treeitem').first()).toBeVisible()

      const { body } = await product.api<{ members: { id: string }[] }>('GET', '/api/members?search=Amara')
      await product.api('PUT', `/api/accounts/${body.members[0]!.id}`, { role: 'viewer' })
      await makeMethod(product)
      const member = await enter(browser, product, language, t)
      await member.goto(`${product.url}/#/account`)
      await setPassword(member, t, 'Amara')
      await page.goto(`${product.url}/#/settings`)
      const remove = page.getByRole('button', {
        name: t('accounts.removePasswordNamed', { name: 'Amara Okafor' }),
      })
      await remove.click()
      await expectAccessible(page)
      await page
        .getByRole('dialog')
        .getByRole('button', { name: t('accounts.removePassword') })
        .click()
      await expect(remove).toBeHidden()
      await expect
        .poll(async () => (await product.api<Account[]>('GET', '/api/accounts')).body[0]!.hasPassword)
        .toBe(false)
      await page.context().close()
      await member.context().close()
    })
  })
}
