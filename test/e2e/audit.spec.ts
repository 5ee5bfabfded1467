import { DatabaseSync } from 'node:sqlite'
import path from 'node:path'
import { readFile } from 'node:fs/promises'
import { runCli } from '../support/product.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('an administrator looks who did what, and whether the log is whole', async ({ app, product, t }) => {
      for (const name of ['First aiders', 'Drivers']) await product.api('POST', '/api/roles', { name })
      await product.api('POST', '/api/roles', { name: '' })
      await app.goto(`${product.url}/#/settings`)
      await app.getByRole('link', { name: t('audit.open') }).click()
      const table = app.getByRole('table', { name: t('audit.title') })
      const rows = table.locator('tbody tr')
      await expect(rows).toHaveCount(3)
      await expect(rows.first()).toContainText('Drivers')
      await expect(rows.first()).toContainText(t('audit.kinds.program'))
      await expect(rows.last()).toContainText(t('audit.verbs.sign-in'))
      await expect(rows.last()).toContainText(t('audit.kinds.administrator'))
      await expectAccessible(app)

      await app.getByRole('combobox', { name: t('audit.thing') }).click()
      await app.getByRole('option', { name: t('audit.things.session'), exact: true }).click()
      await expect(rows).toHaveCount(1)
      await app.getByRole('searchbox', { name: t('audit.person') }).fill('nobody of that name')
      await expect(app.getByText(t('audit.empty'))).toBeVisible()
      await app.getByRole('searchbox', { name: t('audit.person') }).fill('')
      await expect(rows).toHaveCount(1)
      await app.getByLabel(t('audit.to'), { exact: true }).fill('2020-01-01')
      await expect(app.getByText(t('audit.empty'))).toBeVisible()
      await app.getByLabel(t('audit.to'), { exact: true }).fill('')
      await app.getByRole('combobox', { name: t('audit.thing') }).click()
      await app.getByRole('option', { name: t('audit.things.role'), exact: true }).click()
      await expect(rows).toHaveCount(2)
      const [download] = await Promise.all([
        app.waitForEvent('download'),
        app.getByRole('button', { name: t('audit.export') }).click(),
      ])
      expect(download.suggestedFilename()).toBe('audit.csv')
      const csv = await readFile(await download.path(), 'utf8')
      expect(csv.trim().split('\r\n').length).toBe(3)
    })

    test('whether the log is whole is said in the page and on the command line', async ({
      app,
      product,
      t,
    }) => {
      for (const name of ['First aiders', 'Drivers']) await product.api('POST', '/api/roles', { name })
      await app.goto(`${product.url}/#/audit`)
      const check = app.getByTestId('audit-check')
      await app.getByRole('button', { name: t('audit.check') }).click()
      await expect(check).toContainText(t('audit.whole.other', { count: 3 }))
      await expectAccessible(app)
      const beside = await runCli(['audit', 'verify', '--data', product.data])
      expect([beside.code, beside.stdout]).toEqual([0, expect.stringContaining('whole: 3 entries')])

      const database = new DatabaseSync(path.join(product.data, 'sms-logic.db'))
      database.prepare(`UPDATE audit_entries SET person = 'ben' WHERE id = 2`).run()
      database.close()
      await app.getByRole('button', { name: t('audit.check') }).click()
      await expect(check).toContainText(t('audit.broken', { id: 2 }))
      await expect(check).toContainText(t('audit.brokenWhy.changed'))
      await product.stop()
      const alone = await runCli(['audit', 'verify', '--json', '--data', product.data])
      expect([alone.code, JSON.parse(alone.stdout)]).toMatchObject([
        1,
        { isWhole: false, broken: { id: 2, why: 'changed' } },
      ])
    })

    test('the audit log is kept as long as the settings say, and shown page by page', async ({
      app,
      product,
      t,
    }) => {
      for (let number = 1; number <= 51; number++) {
        await product.api('POST', '/api/roles', { name: `Role ${number}` })
      }
      await app.goto(`${product.url}/#/audit`)
      const rows = app.getByRole('table', { name: t('audit.title') }).locator('tbody tr')
      await expect(rows).toHaveCount(50)
      await app.getByRole('button', { name: t('audit.more') }).click()
      await expect(rows).toHaveCount(52)
      await expect(app.getByRole('button', { name: t('audit.more') })).toBeHidden()

      await app.goto(`${product.url}/#/settings`)
      const section = app.getByRole('region', { name: t('settings.retention.title') })
      await section.getByRole('combobox', { name: t('audit.retention.label') }).click()
      await app.getByRole('option', { name: t('settings.retention.days.other', { count: 365 }) }).click()
      await section.getByRole('button', { name: t('ui.save') }).click()
      await expect(app.getByText(t('settings.retention.saved'), { exact: true })).toBeVisible()
      expect((await product.api<object>('GET', '/api/settings')).body).toMatchObject({
        ...{ auditDays: 365, retentionDays: 90 },
      })
    })
  })
}
