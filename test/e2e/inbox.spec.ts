import { notifyGraph } from '../support/inbox.ts'
import type { Product } from '../support/product.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'

/** A function that notifies Ada, and Gus, who has resigned. */
async function prepare(product: Product): Promise<void> {
  const member = async (name: string, status = 'in-service') =>
    (await product.api<{ id: string }>('POST', '/api/members', { name, status })).body.id
  const ids = [await member('Ada Lovelace'), await member('Gus Gone', 'resigned')]
  const link = { kind: 'fixed', value: 'https://machines.example/7' }
  const graph = notifyGraph(
    ids.map((id) => ({ kind: 'member', id })),
    { link },
  )
  await product.api('POST', '/api/functions', { title: 'Notify', name: 'notify', graph })
}

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('says in its dialog and in a dry run who would find it', async ({ app, product, t }) => {
      await prepare(product)
      await expect(app.getByRole('treeitem', { name: 'My first function' })).toBeVisible()

      await app.goto(`${product.url}/#/function/notify`)
      const card = app.getByTestId('node-card').filter({ hasText: t('nodes.message-notification.title') })
      await card.dblclick()
      const dialog = app.getByRole('dialog')
      const xRay = dialog.getByTestId('x-ray')
      const one = language === 'en' ? 'one' : 'other'
      await expect(xRay.getByText(t(`xRay.notified.${one}`, { count: 1 }))).toBeVisible()
      await expect(xRay.getByText(t('skipped.resigned'))).toBeVisible()
      const link = dialog.locator('[data-field="link"]')
      await link.getByRole('textbox').fill('javascript:alert(1)')
      await dialog.getByRole('button', { name: t('ui.ok') }).click()
      await expect(link.getByText(t('problems.linkRefused'))).toBeVisible()
      await link.getByRole('textbox').fill('https://machines.example/7')
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('ui.ok') }).click()
      await app.keyboard.press('Control+s')
      await expect(app.getByTestId('save-state')).toHaveText(t('function.state.saved'))

      await app.getByRole('button', { name: t('function.toolbar.run'), exact: true }).click()
      const panel = app.getByTestId('run-panel')
      await panel.getByRole('button', { name: t('xRay.dry.start'), exact: true }).click()
      await expect(panel.getByRole('button', { name: 'Ada Lovelace' })).toBeVisible()
    })

    test('is found in the inbox, live, until it is read', async ({ app, product, t }) => {
      const one = language === 'en' ? 'one' : 'other'
      await prepare(product)
      await product.api('POST', '/api/functions/notify/runs', {})
      await expect(app.getByRole('treeitem', { name: 'My first function' })).toBeVisible()
      await app.locator('[data-id="/inbox"]').click()
      await expect(app.getByText(t('inbox.nobodyText'))).toBeVisible()
      await app.getByRole('combobox', { name: t('inbox.member') }).fill('Ada')
      await app.getByRole('option', { name: 'Ada Lovelace' }).click()
      const inbox = app.getByTestId('inbox-list')
      const entries = inbox.getByRole('listitem')
      await expect(entries).toHaveCount(1)
      await expect(inbox.getByRole('link')).toHaveAttribute('href', 'https://machines.example/7')
      await expect(inbox.getByTestId('inbox-unread')).toHaveText(t(`inbox.unread.${one}`, { count: 1 }))
      await product.api('POST', '/api/functions/notify/runs', {})
      await expect(entries).toHaveCount(2)
      await expect(inbox.getByTestId('inbox-unread')).toHaveText(t('inbox.unread.other', { count: 2 }))
      await expect(app.locator('[data-id="/inbox"]')).toContainText('2')
      await expectAccessible(app)

      const title = 'Pump 7 stands still'
      await entries
        .first()
        .getByRole('button', { name: t('inbox.markRead', { title }) })
        .click()
      await expect(inbox.getByTestId('inbox-unread')).toHaveText(t(`inbox.unread.${one}`, { count: 1 }))
      await inbox.getByRole('button', { name: t('inbox.markAll') }).click()
      await expect(inbox.getByText(t('inbox.allRead'))).toBeVisible()
      await app.reload()
      await expect(app.getByTestId('inbox-list').getByText(t('inbox.allRead'))).toBeVisible()
    })
  })
}
