import type { Page } from '@playwright/test'
import type { FunctionElement } from '../../nodes/api/elements.ts'
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
      await openExample(app)
      await expect(standing(app)).toHaveText(t('versions.standing.unpublished'))
      await publish(app, t, 'Ready for the night')
      await expect(standing(app)).toHaveText(t('versions.standing.published', { number: 1 }))
      await expect(app.getByRole('button', { name: t('versions.publish.action') })).toBeDisabled()

      await changeText(app, t, 'Draft for ${device} and ${severity}')
      await expect(standing(app)).toHaveText(t('versions.standing.changed', { number: 1 }))
      await run(product)
      await expect
        .poll(() => texts(product))
        .toContain('Pump 7 needs help (severity 5). Please go there now.')
      await publish(app, t, '')
      await run(product)
      await expect.poll(() => texts(product)).toContain('Draft for Pump 7 and 5')

      await app.getByRole('button', { name: t('function.toolbar.run'), exact: true }).click()
      const recent = app.getByTestId('run-panel')
      await expect(recent.getByText(t('versions.number', { number: 1 }))).toBeVisible()
      await expect(recent.getByText(t('versions.number', { number: 2 }))).toBeVisible()
      await expectAccessible(app)
    })

    test('publishes nothing that has errors, and says so', async ({ app, product, t }) => {
      const { revision, graph } = (await product.api<FunctionElement>('GET', address)).body
      const nodes = graph.nodes.map((node) =>
        node.id === 'alarm' ? { ...node, params: { ...node.params, service: 'gone' } } : node,
      )
      await product.api('PUT', address, { revision, graph: { ...graph, nodes } })
      await openExample(app)
      const button = app.getByRole('button', { name: t('versions.publish.action') })
      await expect(button).toBeDisabled()
      await expect(button).toHaveAttribute('aria-description', /1/)
    })
  })
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

async function publish(page: Page, t: Texts, note: string) {
  await page.getByRole('button', { name: t('versions.publish.action') }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: t('versions.note') }).fill(note)
  await expectAccessible(page)
  await dialog.getByRole('button', { name: t('versions.publish.action') }).click()
  await expect(dialog).toBeHidden()
}

const run = (product: Product) => product.api('POST', `${address}/runs`, { device: 'Pump 7', severity: 5 })

async function texts(product: Product): Promise<string[]> {
  const { body } = await product.api<{ text: string }[]>('GET', '/api/sandbox/messages')
  return body.map(({ text }) => text)
}
