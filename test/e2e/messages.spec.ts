import { readFileSync } from 'node:fs'
import { expect, expectAccessible, languages, test } from './fixtures.ts'
import type { Run } from '../../nodes/api/runs.ts'

/** What an operator asks: did she get it, and why not? */
for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('finds a message, tells its life, leads to its run, and exports what is shown', async ({
      app,
      product,
      t,
    }) => {
      const { body: run } = await product.api<Run>('POST', '/api/functions/night-shift-alarm/runs', {
        device: 'Pump 7',
      })
      const messages = run.steps.flatMap((step) => step.messages ?? [])
      const count = (state: string) => messages.filter((each) => each.state === state).length
      expect(count('accepted')).toBeGreaterThan(1)
      expect(count('suppressed')).toBeGreaterThan(0)

      await app.getByRole('treeitem', { name: t('messages.title'), exact: true }).click()
      const table = app.getByTestId('messages-table')
      const rows = table.locator('tbody tr')
      await expect(rows).toHaveCount(messages.length)
      const chip = (group: string) => app.locator(`[data-group="${group}"]`)
      await expect(chip('accepted')).toContainText(String(count('accepted')))
      await expectAccessible(app)

      await chip('suppressed').click()
      await expect(rows).toHaveCount(count('suppressed'))
      await expect(rows.filter({ hasText: t('skipped.no-phone') })).toHaveCount(1)
      await app.getByRole('button', { name: t('messages.filter.clear') }).click()
      await app.getByRole('searchbox', { name: t('messages.filter.person') }).fill('lena')
      await expect(rows).toHaveCount(1)

      await rows.getByRole('button').press('Enter')
      const detail = app.getByTestId('message-detail')
      await expect(detail.getByRole('heading', { name: 'Lena Fischer' })).toBeFocused()
      await expect(detail.getByText(t('messages.events.attempts.accepted', { attempt: 1 }))).toBeVisible()
      const delivered = t('messages.events.receipts.report', { status: t('deliveryStates.delivered') })
      await expect(detail.getByText(delivered)).toBeVisible()
      await expectAccessible(app)
      await app.keyboard.press('Escape')
      await expect(detail).toBeHidden()
      await expect(rows.getByRole('button')).toBeFocused()

      await app.getByRole('button', { name: t('messages.export.title') }).click()
      const downloading = app.waitForEvent('download')
      await app.getByRole('menuitem', { name: t('messages.export.masked') }).click()
      const file = readFileSync(await (await downloading).path(), 'utf8')
        .trim()
        .split('\r\n')
      expect(file).toHaveLength(2)
      expect(file[1]).toContain('Lena Fischer')
      expect(file[1]).not.toMatch(/\+\d{8}/)

      await rows.getByRole('button').click()
      await detail.getByRole('link', { name: t('messages.detail.openRun') }).click()
      const shown = app.getByTestId('run-detail')
      await expect(shown.getByText('Lena Fischer')).toBeVisible()
      await expect(app.getByTestId('runs-table').locator('tbody tr')).toHaveCount(1)
      await expectAccessible(app)
    })
  })
}
