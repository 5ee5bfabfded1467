import type { Page } from '@playwright/test'
import { expect, expectAccessible, languages, test } from './fixtures.ts'
import type { Product } from '../support/product.ts'

/** The example's alarm is tried while it is drawn: step by step, node by node, and with the runs of before. */
for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('stops at a breakpoint, shows the variables, and goes on', async ({ app, product, t }) => {
      await openExample(app)
      const card = alarm(app)
      await card.click()
      await app.keyboard.press('F9')
      await expect(card.locator('[data-try="breakpoint"]')).toBeVisible()

      const panel = await openRunPanel(app, t)
      await panel.getByRole('textbox', { name: 'Device' }).fill('Pump 7')
      await panel.getByRole('button', { name: t('tryIt.debug'), exact: true }).click()
      const debug = panel.getByTestId('run-debug')
      await expect(debug.getByRole('status')).toHaveText(
        t('tryIt.pausedAt', { node: 'Alarm the night shift' }),
      )
      await expect(card.locator('[data-try="paused"]')).toBeVisible()
      await expect(debug).toContainText('Pump 7')
      await expectAccessible(app)

      await app.keyboard.press('F10')
      await expect(debug.getByRole('status')).not.toHaveText(
        t('tryIt.pausedAt', { node: 'Alarm the night shift' }),
      )
      await expect(debug.getByRole('button', { name: t('tryIt.continue') })).toBeEnabled()
      await app.keyboard.press('F8')
      await expect(panel.getByTestId('run-shown')).toHaveAttribute('data-status', 'done')
      await expect(debug).toHaveCount(0)
      await expect(panel.getByTestId('x-ray-bubble').first()).toContainText('Pump 7 needs help')
      expect(await textsOnPhones(product)).toEqual([])

      // once more, with texts that really arrive in the sandbox
      await panel.getByRole('button', { name: t('function.run.back') }).click()
      await panel.getByRole('textbox', { name: 'Device' }).fill('Pump 8')
      await panel.getByRole('combobox', { name: t('tryIt.mode') }).click()
      await app.getByRole('option', { name: t('tryIt.modes.sandbox') }).click()
      await expectAccessible(app)
      await panel.getByRole('button', { name: t('tryIt.debug'), exact: true }).click()
      await expect(debug.getByRole('status')).toHaveText(
        t('tryIt.pausedAt', { node: 'Alarm the night shift' }),
      )
      await expect(debug.getByRole('button', { name: t('tryIt.stepOut') })).toBeDisabled()
      expect(await textsOnPhones(product)).toEqual([])
      await app.keyboard.press('F11')
      await expect.poll(async () => (await textsOnPhones(product)).length).toBeGreaterThan(0)
      await expect(debug.getByRole('button', { name: t('tryIt.continue') })).toBeEnabled()
      await app.keyboard.press('F8')
      await expect(panel.getByTestId('run-shown')).toHaveAttribute('data-status', 'done')

      // breakpoints last
      await app.reload()
      await expect(alarm(app).locator('[data-try="breakpoint"]')).toBeVisible()
    })

    test('keeps sample inputs, runs one node, and pins what came out', async ({ app, product, t }) => {
      await openExample(app)
      const panel = await openRunPanel(app, t)
      await panel.getByRole('textbox', { name: 'Device' }).fill('Lift 3')
      await panel.getByRole('textbox', { name: t('tryIt.sampleName') }).fill('Night')
      await panel.getByRole('button', { name: t('tryIt.keepSample') }).click()
      await expect(panel.getByRole('combobox', { name: t('tryIt.samples') })).toContainText('Night')
      await panel.getByRole('textbox', { name: 'Device' }).fill('Other')
      await app.reload()
      await openRunPanel(app, t)
      await panel.getByRole('combobox', { name: t('tryIt.samples') }).click()
      await app.getByRole('option', { name: 'Night' }).click()
      await expect(panel.getByRole('textbox', { name: 'Device' })).toHaveValue('Lift 3')

      await alarm(app).click({ button: 'right' })
      await app.getByRole('menuitem', { name: t('tryIt.runNode') }).click()
      await expect(panel.getByTestId('run-shown')).toHaveAttribute('data-status', 'done')
      await expect(panel.getByTestId('x-ray-bubble').first()).toContainText('Lift 3 needs help')
      await expect(panel.locator('.run-step')).toHaveCount(1)
      await panel.getByRole('button', { name: t('tryIt.pin') }).click()
      await expect(alarm(app).locator('[data-try="pinned"]')).toBeVisible()

      await panel.getByRole('button', { name: t('function.run.back') }).click()
      await panel.getByRole('textbox', { name: 'Device' }).fill('Lift 3')
      await panel.getByRole('button', { name: t('xRay.dry.start'), exact: true }).click()
      await expect(panel.getByTestId('run-shown')).toHaveAttribute('data-status', 'done')
      await panel
        .locator('.run-step', { hasText: 'Alarm the night shift' })
        .getByRole('button')
        .first()
        .click()
      await expect(panel.getByText(t('tryIt.standIn.pinned'))).toBeVisible()
      await expectAccessible(app)
      expect(await textsOnPhones(product)).toEqual([])

      await alarm(app).click({ button: 'right' })
      await app.getByRole('menuitem', { name: t('tryIt.unpin') }).click()
      await expect(alarm(app).locator('[data-try="pinned"]')).toHaveCount(0)
    })

    test('replays the last runs through a changed draft and sends nothing', async ({ app, product, t }) => {
      await product.api('POST', '/api/functions/night-shift-alarm/runs', { device: 'Pump 7' })
      const before = await textsOnPhones(product)
      const { body: draft } = await product.api<{ revision: number; graph: object }>(
        'GET',
        '/api/functions/night-shift-alarm',
      )
      const text = JSON.stringify(draft.graph).replace('Please go there now.', 'Run!')
      await product.api('PUT', '/api/functions/night-shift-alarm', {
        revision: draft.revision,
        graph: JSON.parse(text) as object,
      })
      await app.reload()
      await openExample(app)
      const panel = await openRunPanel(app, t)
      await panel.getByRole('button', { name: t('tryIt.replay.open') }).click()
      const replay = app.getByTestId('replay')
      await expect(replay.locator('[data-kind="changed"]')).toHaveCount(before.length)
      await expect(replay.locator('del').first()).toContainText('Please go there now.')
      await expect(replay.locator('ins').first()).toContainText('Run!')
      await expect(replay).toContainText('****')
      await expectAccessible(app)
      expect(await textsOnPhones(product)).toHaveLength(before.length)
    })
  })
}

async function openExample(app: Page) {
  await app.getByRole('treeitem', { name: 'Night shift alarm' }).click()
  await expect(alarm(app)).toBeVisible()
}
const alarm = (app: Page) => app.getByTestId('node-card').filter({ hasText: 'Alarm the night shift' })

async function openRunPanel(app: Page, t: (key: string) => string) {
  await app.getByRole('button', { name: t('function.toolbar.run'), exact: true }).click()
  return app.getByTestId('run-panel')
}

async function textsOnPhones(product: Product) {
  return (await product.api<{ text: string; to: string }[]>('GET', '/api/sandbox/messages')).body
}
