import { expect, expectAccessible, languages, test } from './fixtures.ts'

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('says how long ended runs are kept, and changes that', async ({ app, product, t }) => {
      await app.goto(`${product.url}/#/settings`)
      const section = app.getByRole('region', { name: t('settings.retention.title') })
      const days = section.getByRole('combobox', { name: t('settings.retention.label') })
      await expect(days).toContainText('90')
      const save = section.getByRole('button', { name: t('ui.save') })
      await expect(save).toBeDisabled()
      await days.click()
      await app.getByRole('option', { name: t('settings.retention.ever') }).click()
      await save.click()
      await expect(app.getByText(t('settings.retention.saved'), { exact: true })).toBeVisible()
      await expectAccessible(app)
      expect((await product.api('GET', '/api/settings')).body).toMatchObject({ retentionDays: null })

      expect((await product.api('PUT', '/api/settings', { retentionDays: 1 })).status).toBe(400)
      await product.api('PUT', '/api/settings', { retentionDays: 45 })
      await app.reload()
      await expect(days).toContainText('45')
    })
  })
}
