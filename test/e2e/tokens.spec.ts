import type { ApiToken } from '../../nodes/api/tokens.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('an administrator makes a token for a program, which opens what was ticked, and revokes it', async ({
      app,
      product,
      t,
    }) => {
      await app.goto(`${product.url}/#/settings`)
      const section = app.getByRole('region', { name: t('account.tokens.title') })
      await section.getByRole('button', { name: t('account.tokens.make') }).click()
      const dialog = app.getByRole('dialog')
      await dialog.getByRole('button', { name: t('account.tokens.add') }).click()
      await expect(dialog.getByText(t('validation.required'))).toBeVisible()
      await dialog.getByRole('textbox', { name: t('account.tokens.name') }).fill('CRM')
      await expect(dialog.getByRole('checkbox')).toHaveCount(7)
      await dialog.getByText(t('account.tokens.scopeNames.run'), { exact: false }).first().click()
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('account.tokens.add') }).click()
      const token = await app.getByRole('textbox', { name: t('account.tokens.token') }).inputValue()
      await app
        .getByRole('dialog')
        .getByRole('button', { name: t('ui.close') })
        .last()
        .click()

      const by = (path: string) =>
        fetch(`${product.url}${path}`, { headers: { authorization: `Bearer ${token}` } })
      expect((await by('/api/functions')).status).toBe(200)
      expect((await by('/api/members')).status).toBe(403)
      const [listed] = (await product.api<ApiToken[]>('GET', '/api/tokens')).body
      expect(listed).toMatchObject({ name: 'CRM', scopes: ['view', 'run'], owner: null })

      const row = section.getByRole('row').filter({ hasText: 'CRM' })
      await expect(row).toContainText(t('account.tokens.scopeNames.run'))
      await expect(row).toContainText(t('account.tokens.administrator'))
      await expectAccessible(app)
      await row.getByRole('button', { name: t('account.tokens.revokeNamed', { name: 'CRM' }) }).click()
      await app
        .getByRole('dialog')
        .getByRole('button', { name: t('account.tokens.revoke') })
        .click()
      await expect(row).toBeHidden()
      expect((await by('/api/functions')).status).toBe(401)
    })
  })
}
