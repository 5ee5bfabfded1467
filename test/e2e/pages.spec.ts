import type { Page } from '@playwright/test'
import type { SmsService } from '../../nodes/api/elements.ts'
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

test('closes a dialog in which nothing was typed when its page is left', async ({ app }) => {
  await app.getByRole('treeitem', { name: 'Night shift alarm' }).click()
  await app.getByTestId('node-card').filter({ hasText: 'Alarm the night shift' }).dblclick()
  await expect(app.getByTestId('params-dialog')).toBeVisible()
  await goTo(app, '/runs')
  await expect(app.getByTestId('params-dialog')).toHaveCount(0)
  await app.goBack()
  await expect(app.getByTestId('function-page')).toBeVisible()
  await expect(app.getByTestId('params-dialog')).toHaveCount(0)
})

test('follows what is changed elsewhere, and keeps what is typed', async ({ app, product, t }) => {
  await app.getByRole('treeitem', { name: 'Sandbox (Twilio)' }).click()
  const name = app.getByRole('textbox', { name: t('service.name'), exact: true })
  await name.fill('Half typed')
  await product.api('POST', '/api/functions', { title: 'From elsewhere', name: 'elsewhere' })
  const [service] = (await product.api<SmsService[]>('GET', '/api/sms-services')).body
  const { id, revision, settings } = service!
  await product.api('PUT', `/api/sms-services/${id}`, { revision, settings, name: 'Renamed' })
  // as when somebody comes back to the window
  await app.evaluate(() => dispatchEvent(new Event('focus')))
  await expect(app.getByRole('treeitem', { name: 'From elsewhere' })).toBeVisible()
  await expect(app.getByRole('treeitem', { name: 'Renamed' })).toBeVisible()
  await expect(name).toHaveValue('Half typed')
  await product.api('DELETE', '/api/functions/elsewhere')
  await app.evaluate(() => dispatchEvent(new Event('focus')))
  await expect(app.getByRole('treeitem', { name: 'From elsewhere' })).toHaveCount(0)
})

test('begins a new function on the left, in the middle, also where it opened unseen', async ({
  app,
  product,
}) => {
  const start = app.getByTestId('node-card')
  const place = async () => {
    const [card, canvas] = [await start.boundingBox(), await app.getByTestId('flow-canvas').boundingBox()]
    return {
      left: Math.round(card!.x - canvas!.x),
      fromMiddle: Math.round(card!.y + card!.height / 2 - canvas!.y - canvas!.height / 2),
    }
  }
  for (const name of ['seen', 'unseen']) await product.api('POST', '/api/functions', { title: name, name })
  await goTo(app, '/function/seen')
  await expect(start).toHaveCount(1)
  const seen = await place()
  expect(seen.left).toBeLessThan(60)
  expect(Math.abs(seen.fromMiddle)).toBeLessThan(3)

  let isAsked = () => {}
  const asked = new Promise<void>((resolve) => (isAsked = resolve))
  let answer = () => {}
  const left = new Promise<void>((resolve) => (answer = resolve))
  await app.route('**/api/functions/unseen', async (route) => {
    isAsked()
    await left
    await route.continue()
  })
  await goTo(app, '/function/unseen')
  await asked
  await goTo(app, '/runs')
  await expect(app.getByTestId('function-page')).toHaveCount(0)
  const answered = app.waitForResponse('**/api/functions/unseen')
  answer()
  await (await answered).finished()
  await app.goBack()
  await expect(start).toHaveCount(1)
  await expect.poll(place).toEqual(seen)
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
  const title = app.getByTestId('function-page').getByRole('heading', { name: 'Night shift alarm' })
  expect(await title.evaluate((shown) => shown.scrollWidth - shown.clientWidth)).toBe(0)

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
