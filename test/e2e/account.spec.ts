import { DatabaseSync } from 'node:sqlite'
import path from 'node:path'
import type { Page } from '@playwright/test'
import type { Account } from '../../nodes/api/accounts.ts'
import type { LoginMethod } from '../../nodes/login/mobile-login.ts'
import type { Product } from '../support/product.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'
import { askForCode, codeOn, enter, makeMethod, visit } from './sign-in-by-code.ts'

const AMARA = '+12025550101'
const desk = { width: 1280, height: 800 }

/** As if all codes had been asked for two minutes earlier: the rules count in the data folder. */
function letTimePass(product: Product) {
  const database = new DatabaseSync(path.join(product.data, 'sms-logic.db'), { timeout: 5_000 })
  database.prepare('UPDATE login_codes SET created = created - 120000').run()
  database.close()
}

/** Every control of the account page that is seen is as high as a finger needs. */
async function expectFingerHigh(page: Page) {
  for (const button of await page
    .locator('.account-page button:not(.ui-combobox__trigger):visible, .ui-dialog__footer button:visible')
    .all()) {
    const box = await button.boundingBox()
    expect([await button.textContent(), box!.height]).toEqual([expect.anything(), expect.closeTo(44, 0)])
  }
}

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('a member changes the own number on the phone, and then removes it', async ({
      browser,
      product,
      t,
    }) => {
      await makeMethod(product)
      const page = await enter(browser, product, language, t)
      await page.getByRole('link', { name: t('account.title') }).click()
      await expect(page.getByTestId('own-phone')).toHaveText('+12****0101')
      await expectFingerHigh(page)

      await page.getByRole('button', { name: t('account.phone.change') }).click()
      const dialog = page.getByRole('dialog')
      await expectFingerHigh(page)
      const signInCode = await codeOn(product, AMARA)
      await dialog.getByRole('button', { name: t('login.signIn.ask') }).click()
      await dialog.getByLabel(t('account.phone.oldCode')).fill(await codeOn(product, AMARA, signInCode))
      const number = dialog.getByRole('textbox', { name: t('login.signIn.phone') })
      await number.fill('202 555 0188')
      await dialog.getByRole('button', { name: t('login.signIn.ask') }).click()
      await dialog.getByLabel(t('account.phone.newCode')).fill(await codeOn(product, '+12025550188'))
      await expect(dialog).toBeHidden()
      await expect(page.getByTestId('own-phone')).toHaveText('+12****0188')
      await expectAccessible(page)

      await page.getByRole('button', { name: t('account.phone.remove') }).click()
      const newCode = await codeOn(product, '+12025550188')
      await dialog.getByRole('button', { name: t('login.signIn.ask') }).click()
      await dialog.getByLabel(t('account.phone.oldCode')).fill(await codeOn(product, '+12025550188', newCode))
      await expect(page.getByText(t('account.phone.none'))).toBeVisible()
    })

    test('one signs out another browser of one’s own from the account page', async ({
      browser,
      product,
      t,
    }) => {
      await makeMethod(product)
      const first = await enter(browser, product, language, t)
      const code = await codeOn(product, AMARA)
      letTimePass(product)
      const second = await enter(browser, product, language, t, { except: code })
      await second.getByRole('link', { name: t('account.title') }).click()
      const list = second.locator('.account-sessions li')
      await expect(list).toHaveCount(2)
      await expect(list.filter({ hasText: t('account.sessions.current') })).toHaveCount(1)
      await list.getByRole('button').click()
      await expect(list).toHaveCount(1)
      await first.reload()
      await expect(first.getByRole('textbox', { name: t('login.signIn.phone') })).toBeVisible()
      await second.reload()
      await expect(list).toHaveCount(1)
    })

    test('an administrator gives a role, changes it and takes it back in Settings', async ({
      app,
      product,
      t,
    }) => {
      await app.goto(`${product.url}/#/settings`)
      const section = app.getByTestId('accounts-settings')
      const add = section.getByRole('button', { name: t('accounts.addAction') })
      await expect(add).toBeDisabled()
      await section.getByRole('combobox', { name: t('accounts.add') }).fill('Amara')
      await app.getByRole('option', { name: /Amara Okafor/ }).click()
      await add.click()
      const role = section.getByRole('combobox', { name: t('accounts.roleOf', { name: 'Amara Okafor' }) })
      await expect(role).toContainText(t('account.roles.viewer'))
      await role.click()
      await app.getByRole('option', { name: new RegExp(`^${t('account.roles.operator')}`) }).click()
      await expect(role).toContainText(t('account.roles.operator'))
      await expect
        .poll(async () =>
          (await product.api<Account[]>('GET', '/api/accounts')).body.map((each) => each.role),
        )
        .toEqual(['operator'])
      await expectAccessible(app)
      await role.click()
      await app.getByRole('option', { name: new RegExp(`^${t('account.roles.member')}`) }).click()
      await expect(role).toBeHidden()
      expect((await product.api<Account[]>('GET', '/api/accounts')).body).toEqual([])
    })

    test.describe('with a refusal', () => {
      test.use({ provoked: '409' })
      test('two who change a login method are told of each other', async ({ app, product, t }) => {
        const method = await makeMethod(product)
        await app.goto(`${product.url}/#/login-method/${method.id}`)
        await app.getByRole('spinbutton', { name: t('login.dailyCodes') }).fill('12')
        const { id, updated: _, ...theirs } = method
        const put = await product.api('PUT', `/api/login-methods/${id}`, { ...theirs, dailyCodes: 34 })
        expect(put.status).toBe(200)
        await app.getByRole('button', { name: t('ui.save') }).click()
        const question = app.getByRole('dialog')
        await expect(question).toContainText(t('login.conflictTitle'))
        await question.getByRole('button', { name: t('login.conflictOverwrite') }).click()
        await expect(app.getByText(t('login.saved'), { exact: true })).toBeVisible()
        const [now] = (await product.api<LoginMethod[]>('GET', '/api/login-methods')).body
        expect(now!.dailyCodes).toBe(12)
      })
    })

    test('a further code can be asked for once the countdown is over, and is the one that counts', async ({
      browser,
      product,
      t,
    }) => {
      await makeMethod(product)
      const page = await visit(browser, product, language)
      await page.clock.install()
      await askForCode(page, t, 'US', '202 555 0101')
      const resend = page.getByTestId('resend')
      await expect(resend).toBeDisabled()
      const first = await codeOn(product, AMARA)
      letTimePass(product)
      await page.clock.fastForward(61_000)
      await expect(resend).toBeEnabled()
      await resend.click()
      await expect(resend).toBeDisabled()
      await page.getByLabel(t('login.signIn.code')).fill(await codeOn(product, AMARA, first))
      await expect(page.getByText('Amara Okafor').first()).toBeVisible()
    })

    test('a viewer looks at parameters, outline and triggers and changes none of them', async ({
      browser,
      product,
      t,
    }) => {
      await makeMethod(product)
      const { body } = await product.api<{ members: { id: string }[] }>('GET', '/api/members?search=Amara')
      await product.api('PUT', `/api/accounts/${body.members[0]!.id}`, { role: 'viewer' })
      const at = '/api/functions/night-shift-alarm'
      const settings = { kind: 'event', name: 'Alarm', event: 'pump-alarm' }
      const made = await product.api('POST', `${at}/triggers`, { settings })
      const draft = await product.api('GET', at)
      const page = await enter(browser, product, language, t, { viewport: desk })
      await page.goto(`${product.url}/#/function/night-shift-alarm`)

      await page.getByRole('button', { name: t('function.outline.outline') }).click()
      const outline = page.getByTestId('outline')
      const lines = outline.getByRole('treeitem')
      const count = await lines.count()
      await outline.getByRole('tree').focus()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Delete')
      await page.keyboard.press('Insert')
      await expect(lines).toHaveCount(count)
      await lines
        .locator('visible=true')
        .filter({ has: page.locator('svg') })
        .nth(1)
        .dblclick()
      const dialog = page.getByRole('dialog')
      await expect(dialog.getByText(t('account.lookOnly'))).toBeVisible()
      await expect(dialog.getByRole('textbox', { name: t('function.params.nodeTitle') })).toBeDisabled()
      await expect(dialog.getByRole('button', { name: t('ui.ok') })).toBeHidden()
      await expectAccessible(page)
      await dialog
        .getByRole('button', { name: t('ui.close') })
        .last()
        .click()

      await page.getByTestId('triggers-button').click()
      const triggers = page.getByTestId('triggers')
      await expect(triggers.getByText(t('account.lookOnly'))).toBeVisible()
      await expect(triggers.getByRole('button', { name: t('triggers.add') })).toBeHidden()
      if (made.status === 201) await expect(triggers.getByRole('switch')).toBeDisabled()
      await expectAccessible(page)
      expect((await product.api('GET', at)).body).toEqual(draft.body)
    })
  })
}
