import type { LoginMethod } from '../../nodes/login/mobile-login.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'
import { askForCode, codeOn, makeMethod, sizes, visit } from './sign-in-by-code.ts'

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('an administrator makes a mobile login in the element tree and changes it', async ({
      app,
      product,
      t,
    }) => {
      await app.getByRole('button', { name: t('tree.create') }).click()
      await app.getByRole('menuitem', { name: t('tree.more') }).press('ArrowRight')
      await app.getByRole('menuitem', { name: t('login.group') }).press('ArrowRight')
      await app.getByRole('menuitem', { name: t('login.kind') }).click()
      const dialog = app.getByRole('dialog')
      await dialog.getByRole('button', { name: t('ui.ok') }).click()
      await expect(dialog.getByText(t('validation.required'))).toBeVisible()
      await expect(dialog.getByRole('checkbox')).toBeChecked()
      await dialog.getByRole('combobox', { name: t('login.service') }).click()
      await app.getByRole('option', { name: 'Sandbox (Twilio)' }).click()
      await dialog.getByRole('textbox', { name: t('login.templateText') }).fill('No code here')
      await dialog.getByRole('button', { name: t('ui.ok') }).click()
      await expect(dialog.getByText(t('validation.codeText', { code: '{code}' }))).toBeVisible()
      await dialog.getByRole('textbox', { name: t('login.templateText') }).fill('Code ${code}')
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('ui.ok') }).click()

      const title = t('login.defaultName')
      await expect(app.getByRole('heading', { name: title, level: 1 })).toBeVisible()
      await expect(app.getByRole('treeitem', { name: title })).toBeVisible()
      await expect(app.getByTestId('login-figures')).toContainText('0')
      await app.getByRole('spinbutton', { name: t('login.dailyCodes') }).fill('12')
      await expectAccessible(app)
      await app.getByRole('button', { name: t('ui.save') }).click()
      await expect(app.getByText(t('login.saved'), { exact: true })).toBeVisible()
      const [method] = (await product.api<LoginMethod[]>('GET', '/api/login-methods')).body
      expect(method).toMatchObject({ dailyCodes: 12, templateText: 'Code ${code}', allowRegistration: true })

      await app.getByRole('button', { name: t('ui.delete'), exact: true }).click()
      await app
        .getByRole('dialog')
        .getByRole('button', { name: t('ui.delete') })
        .click()
      await expect(app.getByRole('treeitem', { name: title })).toBeHidden()
      expect((await product.api<LoginMethod[]>('GET', '/api/login-methods')).body).toEqual([])
    })

    for (const [size, viewport] of Object.entries(sizes)) {
      test(`a member signs in by the code of a text at ${size}`, async ({ browser, product, t }) => {
        await makeMethod(product)
        const page = await visit(browser, product, language, viewport)
        await expectAccessible(page)
        await askForCode(page, t, 'US', '202 555 0101')
        await expect(page.getByTestId('resend')).toBeDisabled()
        await expect(page.getByTestId('resend')).toContainText('60')
        const code = await codeOn(product, '+12025550101')

        const field = page.getByLabel(t('login.signIn.code'))
        await field.fill(code === '000000' ? '000001' : '000000')
        await expect(page.getByText(t('errors.CODE_WRONG.title'))).toBeVisible()
        await expectAccessible(page)
        // as phones and people paste it: full-width and with a space
        const wide = [...code].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join('')
        await field.fill(`${wide.slice(0, 3)} ${wide.slice(3)}`)
        await expect(page.getByText('Amara Okafor').first()).toBeVisible()
        await expect(page.getByTestId('inbox-list')).toBeVisible()
        await expect(page.getByRole('tree')).toBeHidden()
        await expectAccessible(page)
        expect(new URL(page.url()).pathname).toBe('/')
      })
    }

    test('a number that two people share asks who it is; a number of nobody registers', async ({
      browser,
      product,
      t,
    }) => {
      await makeMethod(product)
      const page = await visit(browser, product, language)
      await askForCode(page, t, 'US', '202 555 0110')
      await page.getByLabel(t('login.signIn.code')).fill(await codeOn(product, '+12025550110'))
      await expect(page.getByRole('button', { name: 'Julia Santos' })).toBeFocused()
      await expectAccessible(page)
      await page.getByRole('button', { name: 'Maya Cohen' }).click()
      await expect(page.getByText('Maya Cohen').first()).toBeVisible()

      const other = await visit(browser, product, language)
      await askForCode(other, t, 'GB', '07700 900999')
      await other.getByLabel(t('login.signIn.code')).fill(await codeOn(product, '+447700900999'))
      await other.getByRole('textbox', { name: t('login.signIn.yourName') }).fill('Nora New')
      await expectAccessible(other)
      await other.getByRole('button', { name: t('login.signIn.registerAction') }).click()
      await expect(other.getByText('Nora New').first()).toBeVisible()
      const { body } = await product.api<{ members: { name: string }[] }>('GET', '/api/members?search=Nora')
      expect(body.members.map(({ name }) => name)).toEqual(['Nora New'])
    })

    test('whoever asks again too soon is told when the next code comes', async ({ browser, product, t }) => {
      await makeMethod(product, { countries: ['US'] })
      const page = await visit(browser, product, language)
      await expect(page.getByLabel(t('login.signIn.country'))).toBeHidden()
      const number = page.getByRole('textbox', { name: t('login.signIn.phone') })
      await number.fill('1')
      await page.getByRole('button', { name: t('login.signIn.ask') }).click()
      await expect(page.getByText(t('validation.phoneUnusable'))).toBeVisible()
      await number.fill('202 555 0101')
      await page.getByRole('button', { name: t('login.signIn.ask') }).click()
      await page.getByRole('button', { name: t('login.signIn.changeNumber') }).click()
      await page.getByRole('button', { name: t('login.signIn.ask') }).click()
      const [before] = t('login.signIn.wait', { time: '|' }).split('|')
      await expect(page.getByRole('alert')).toContainText(before!)
    })

    test('a viewer looks and changes nothing; sign out everywhere ends the session', async ({
      browser,
      product,
      t,
    }) => {
      const method = await makeMethod(product)
      const { body } = await product.api<{ members: { id: string }[] }>('GET', '/api/members?search=Amara')
      const viewer = body.members[0]!.id
      await product.api('PUT', `/api/accounts/${viewer}`, { role: 'viewer' })
      const page = await visit(browser, product, language, { width: 1280, height: 800 })
      await askForCode(page, t, 'US', '202 555 0101')
      await page.getByLabel(t('login.signIn.code')).fill(await codeOn(product, '+12025550101'))
      await expect(page.getByRole('treeitem').first()).toBeVisible()
      await expect(page.getByTestId('function-page').getByText(t('account.lookOnly'))).toBeVisible()
      await expect(page.getByRole('button', { name: t('tree.create') })).toBeHidden()
      await expect(page.getByTestId('run-button')).toBeHidden()
      await page.goto(`${product.url}/#/login-method/${method.id}`)
      await expect(page.getByRole('textbox', { name: t('login.name') })).toBeDisabled()
      await expect(page.getByRole('button', { name: t('ui.save') })).toBeHidden()
      await expectAccessible(page)
      await product.api('DELETE', `/api/accounts/${viewer}/sessions`)
      await page.goto(`${product.url}/#/settings`)
      await page.reload()
      await expect(page.getByRole('textbox', { name: t('login.signIn.phone') })).toBeVisible()
    })

    test('an administrator gets in by the token, below the way for members', async ({
      browser,
      product,
      t,
    }) => {
      await makeMethod(product)
      const page = await visit(browser, product, language)
      await page.getByRole('button', { name: t('login.signIn.administrator') }).click()
      await page.getByLabel(t('signIn.token')).fill('a-token-for-the-tests')
      await page.getByRole('button', { name: t('signIn.action') }).click()
      await expect(page.getByRole('treeitem').first()).toBeVisible()
      await page.goto(`${product.url}/sign-in`)
      await expect(page.getByRole('textbox', { name: t('login.signIn.phone') })).toBeVisible()
    })
  })
}
