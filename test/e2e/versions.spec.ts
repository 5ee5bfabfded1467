import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import type { FunctionElement } from '../../nodes/api/elements.ts'
import type { FunctionFile } from '../../nodes/graph/function-file.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'
import type { Texts } from './fixtures.ts'
import type { Product } from '../support/product.ts'

const address = '/api/functions/night-shift-alarm'
const alarm = (page: Page) => page.getByTestId('node-card').filter({ hasText: 'Alarm the night shift' })
const standing = (page: Page) => page.getByTestId('standing')

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('publishes a version that callers get while the draft goes on', async ({ app, product, t }) => {
      // a function for errors that was never published is published with it
      await product.api('POST', '/api/functions', { title: 'Operator', name: 'operator' })
      const { revision, graph } = (await product.api<FunctionElement>('GET', address)).body
      await product.api('PUT', address, { revision, graph: { ...graph, onErrorFunction: 'operator' } })
      await app.reload()
      await openExample(app)
      await expect(standing(app)).toHaveText(t('versions.standing.unpublished'))
      await publish(app, t, 'Ready for the night', '', 'Operator')
      await expect(standing(app)).toHaveText(t('versions.standing.published', { number: 1 }))
      const { published } = (await product.api<FunctionElement>('GET', '/api/functions/operator')).body
      expect(published).toMatchObject({ number: 1, note: 'Ready for the night' })
      await expect(app.getByRole('button', { name: t('versions.publish.action') })).toBeDisabled()

      await changeText(app, t, 'Draft for ${device} and ${severity}')
      await expect(standing(app)).toHaveText(t('versions.standing.changed', { number: 1 }))
      await run(product)
      await expect
        .poll(() => texts(product))
        .toContain('Pump 7 needs help (severity 5). Please go there now.')
      await publish(app, t, '', 'Draft for ${device} and ${severity}')
      await run(product)
      await expect.poll(() => texts(product)).toContain('Draft for Pump 7 and 5')

      await app.getByRole('button', { name: t('function.toolbar.run'), exact: true }).click()
      const recent = app.getByTestId('run-panel')
      await expect(recent.getByText(t('versions.number', { number: 1 }))).toBeVisible()
      await expect(recent.getByText(t('versions.number', { number: 2 }))).toBeVisible()
      await expectAccessible(app)
    })

    test('compares the draft with a version, and brings a version back', async ({ app, t }) => {
      await openExample(app)
      await publish(app, t, 'Ready for the night')
      await changeText(app, t, 'Draft for ${device} and ${severity}')
      await app.getByRole('button', { name: t('versions.show'), exact: true }).click()
      const versions = app.getByTestId('versions')
      await expect(versions.getByTestId('changes')).toContainText('Draft for ${device} and ${severity}')
      await expect(versions.locator('del')).toContainText('needs help')
      await expect(versions.locator('[data-change="changed"][data-testid="node-change"]')).toHaveCount(1)
      await expectAccessible(app)

      await versions.getByRole('button', { name: /Ready for the night/ }).click()
      await versions.getByTestId('node-card').first().click()
      await app.keyboard.press('Delete')
      await expect(versions.getByTestId('node-card')).toHaveCount(5)
      await versions.getByRole('button', { name: t('versions.restore.action') }).click()
      await app
        .getByRole('dialog')
        .getByRole('button', { name: t('versions.restore.action') })
        .click()
      await expect(versions).toBeHidden()
      await expect(standing(app)).toHaveText(t('versions.standing.published', { number: 1 }))
      await app.getByTestId('flow-canvas').press('Control+z')
      await expect(standing(app)).toHaveText(t('versions.standing.changed', { number: 1 }))
    })

    test.describe('with a second editor', () => {
      test.use({ provoked: '409 (Conflict)' })
      test('tells of somebody who saved meanwhile, and loses neither draft', async ({ app, product, t }) => {
        await openExample(app)
        const saveElsewhere = async (title: string) => {
          const { revision, graph } = (await product.api<FunctionElement>('GET', address)).body
          const nodes = graph.nodes.map((node) => (node.id === 'alarm' ? { ...node, title } : node))
          await product.api('PUT', address, { revision, graph: { ...graph, nodes } })
        }
        await expect(alarm(app)).toBeVisible()
        await saveElsewhere('Theirs')
        await changeText(app, t, 'Mine for ${device} and ${severity}')
        const dialog = app.getByRole('dialog')
        await expect(dialog.getByTestId('changes')).toContainText('Theirs')
        await expectAccessible(app)
        await dialog.getByRole('button', { name: t('versions.conflict.copy') }).click()
        await expect(app.getByTestId('node-card').filter({ hasText: 'Theirs' })).toBeVisible()
        const copy = t('versions.conflict.copyTitle', { title: 'Night shift alarm' })
        await expect(app.getByRole('treeitem', { name: copy })).toBeVisible()

        await saveElsewhere('Theirs again')
        await app.getByTestId('flow-canvas').press('Control+z')
        await dialog.getByRole('button', { name: t('versions.conflict.overwrite') }).click()
        await expect(dialog).toBeHidden()
        await expect
          .poll(async () => JSON.stringify((await product.api('GET', address)).body))
          .toContain('Mine for ${device}')
      })
    })

    test('exports a function, and imports it with a choice for what is missing', async ({ app, t }) => {
      await openExample(app)
      const download = app.waitForEvent('download')
      await menu(app, t, 'function.toolbar.export')
      const file = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as FunctionFile
      const role = file.names.find(({ kind }) => kind === 'role')!
      const text = JSON.stringify(file).replaceAll(role.id, 'elsewhere').replace(role.name, 'Crew')

      await app.getByRole('treeitem', { name: 'My first function' }).click()
      const chooser = app.waitForEvent('filechooser')
      await menu(app, t, 'function.toolbar.import')
      await (
        await chooser
      ).setFiles({ name: 'alarm.json', mimeType: 'application/json', buffer: Buffer.from(text) })
      const dialog = app.getByRole('dialog')
      await expect(dialog.getByText(t('versions.import.found'), { exact: true })).toHaveCount(2)
      await dialog.getByRole('combobox', { name: t('versions.import.kinds.role', { name: 'Crew' }) }).click()
      await app.getByRole('option', { name: 'Alarm leader' }).click()
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('versions.import.action') }).click()
      await expect(dialog).toBeHidden()
      await expect(alarm(app)).toBeVisible()
      await app.getByTestId('flow-canvas').press('Control+z')
      await expect(app.getByTestId('node-card')).toHaveCount(1)
    })

    test('publishes nothing that has errors, and says so', async ({ app, product, t }) => {
      const { revision, graph } = (await product.api<FunctionElement>('GET', address)).body
      const nodes = graph.nodes.map((node) =>
        node.id === 'alarm' ? { ...node, params: { ...node.params, service: 'gone' } } : node,
      )
      await product.api('PUT', address, { revision, graph: { ...graph, nodes } })
      await app.reload()
      await openExample(app)
      const button = app.getByRole('button', { name: t('versions.publish.action') })
      await expect(button).toBeDisabled()
      await expect(button).toHaveAttribute('aria-description', /1/)
    })
  })
}

async function menu(page: Page, t: Texts, item: string) {
  await page
    .getByTestId('function-page')
    .getByRole('button', { name: t('function.toolbar.more'), exact: true })
    .click()
  await page.getByRole('menuitem', { name: t(item) }).click()
}

async function openExample(page: Page) {
  await page.getByRole('treeitem', { name: 'Night shift alarm' }).click()
  await expect(page.getByTestId('function-page')).toBeVisible()
}

async function changeText(page: Page, t: Texts, text: string) {
  await alarm(page).dblclick()
  const dialog = page.getByRole('dialog')
  await dialog
    .getByRole('textbox', { name: t('nodes.sms-notification.params.templateText.label'), exact: true })
    .fill(text)
  await dialog.getByRole('button', { name: t('ui.ok'), exact: true }).click()
  await expect(dialog).toBeHidden()
}

/**
 * @param together a function that is published with it
 * @param change what the list of changes against the last version names; empty: it was never published
 */
async function publish(page: Page, t: Texts, note: string, change = '', together = '') {
  await page.getByRole('button', { name: t('versions.publish.action') }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: t('versions.note') }).fill(note)
  const changes = dialog.getByTestId('publish-changes')
  if (change === '') await expect(changes).toHaveCount(0)
  else await expect(changes.locator('ins')).toContainText(change)
  if (together === '') await expect(dialog.getByTestId('publish-together')).toHaveCount(0)
  else await expect(dialog.getByTestId('publish-together')).toContainText(together)
  await expectAccessible(page)
  await dialog.getByRole('button', { name: t('versions.publish.action') }).click()
  await expect(dialog).toBeHidden()
}

const run = (product: Product) => product.api('POST', `${address}/runs`, { device: 'Pump 7', severity: 5 })

async function texts(product: Product): Promise<string[]> {
  const { body } = await product.api<{ text: string }[]>('GET', '/api/sandbox/messages')
  return body.map(({ text }) => text)
}
