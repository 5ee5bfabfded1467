import type { Page } from '@playwright/test'
import { expect, expectAccessible, test } from './fixtures.ts'

/** What belongs to the pages as such: what stays, goes and comes back with them. */
test('leaves a dialog on its page, with all that was typed', async ({ app, t }) => {
  await app.getByRole('treeitem', { name: 'Night shift alarm' }).click()
  await app.getByTestId('node-card').filter({ hasText: 'Alarm the night shift' }).dblclick()
  const dialog = app.getByRole('dialog', { name: /./ })
  const title = dialog.getByRole('textbox', { name: t('function.params.nodeTitle') })
  await title.fill('Wake them')
  await dialog.getByRole('textbox', { name: t('xRay.test.phone') }).fill('+12025550177')

  await goTo(app, '/runs')
  await expect(dialog).toBeHidden()
  await app.getByRole('combobox', { name: t('runs.filter.function') }).click()
  await expect(app.getByRole('listbox')).toBeVisible()
  await goTo(app, '/unknown')
  await expect(app.getByRole('listbox')).toBeHidden()
  await expectAccessible(app)

  await app.getByRole('link', { name: 'Night shift alarm' }).click()
  await expect(title).toHaveValue('Wake them')
  await expect(dialog.getByRole('textbox', { name: t('xRay.test.phone') })).toHaveValue('+12025550177')
  await app.keyboard.press('Escape')
  const discard = app.getByRole('button', { name: t('function.params.discard') })
  await expect(discard).toBeVisible()
  await goTo(app, '/runs')
  await expect(discard).toBeHidden()
  await app.goBack()
  await expect(title).toBeVisible()
  await expect(discard).toBeHidden()
  await app.keyboard.press('Escape')
  await discard.click()
  await expect(app.getByRole('dialog')).toHaveCount(0)
})

test('names no list that is gone after a choice with search', async ({ app, t }) => {
  await app.getByRole('button', { name: t('app.settings') }).click()
  const country = app.getByRole('combobox', { name: t('settings.country') })
  await country.click()
  await expect(app.getByRole('listbox')).toBeVisible()
  await app.keyboard.press('Escape')
  await expect(app.getByRole('listbox')).toBeHidden()
  await expectAccessible(app)
})

test('shows a whole function, and a message beside the list, on a small screen too', async ({
  app,
  product,
  t,
}) => {
  await app.setViewportSize({ width: 1100, height: 760 })
  await app.getByRole('treeitem', { name: 'Night shift alarm' }).click()
  await app.reload()
  const cards = app.getByTestId('node-card')
  await expect(cards).toHaveCount(5)
  for (const card of await cards.all()) await expect(card).toBeInViewport({ ratio: 0.99 })
  await expect(app.getByTestId('run-button')).toBeInViewport({ ratio: 0.99 })

  await product.api('POST', '/api/functions/night-shift-alarm/runs', { device: 'Pump 7' })
  await goTo(app, '/messages')
  await app.getByTestId('messages-table').locator('tbody tr').first().getByRole('button').click()
  await expect(app.getByTestId('message-detail').getByRole('heading').first()).toBeVisible()
  await app.getByRole('button', { name: t('messages.export.title') }).click()
  await expect(app.getByRole('menuitem', { name: t('messages.export.masked') })).toBeVisible()
})

/** As the back button and links from elsewhere do. */
async function goTo(page: Page, address: string) {
  await page.evaluate((hash) => (location.hash = hash), address)
}
