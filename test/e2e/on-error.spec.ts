import type { Run } from '../../nodes/api/runs.ts'
import { fixed, flow, returns } from '../support/flow.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('chooses a function for failures, which the failed run then leads to', async ({
      app,
      product,
      t,
    }) => {
      test.slow()
      const tell = flow(
        { end: returns('errorMessage') },
        { name: 'tell', inputs: [{ name: 'errorMessage', type: 'text' }] },
      )
      const alarm = flow({
        pause: {
          type: 'wait',
          to: { next: 'check' },
          params: { amount: { kind: 'variable', path: 'pause' }, unit: 'seconds' },
        },
        check: { type: 'throw-error', params: { message: fixed('Pump 7 is dry') } },
      })
      const inputs = [{ name: 'pause', type: 'number', default: 0.01 }]
      await product.api('POST', '/api/functions', { name: 'tell', title: 'Tell the operator', graph: tell })
      await product.api('POST', '/api/functions', {
        name: 'alarm',
        title: 'Pump alarm',
        graph: { ...alarm, inputs },
      })
      await app.reload()

      await app.getByRole('treeitem', { name: 'Pump alarm' }).click()
      const page = app.getByTestId('function-page')
      const settings = async () => {
        await page.getByRole('button', { name: t('function.toolbar.more'), exact: true }).click()
        await app.getByRole('menuitem', { name: t('function.toolbar.settings') }).click()
      }
      await settings()
      const dialog = app.getByRole('dialog')
      const choice = dialog.getByRole('combobox', { name: t('function.settings.onError.label') })
      await choice.fill('operator')
      await app.getByRole('option', { name: 'Tell the operator' }).click()
      const notPublished = t('problems.onErrorNotPublished', { name: 'Tell the operator' })
      await expect(dialog).toContainText(notPublished)
      await dialog.getByText(t('function.settings.onError.given')).click()
      await expect(dialog).toContainText('failedInput')
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('ui.ok') }).click()

      // it was never published either: both are, in one step
      const publish = page.getByRole('button', { name: t('versions.publish.action') })
      await publish.click()
      await expect(dialog.getByTestId('publish-together')).toContainText('Tell the operator')
      await dialog.getByRole('button', { name: t('versions.publish.action') }).click()
      await expect(dialog).toBeHidden()

      // the page of the run is open when it fails
      const running = await product.api<Run>('POST', '/api/functions/alarm/runs?wait=0', { pause: 5 })
      await app.goto(`${product.url}/#/run/${running.body.id}`)
      await expect(
        app.getByTestId('run-page').getByText(t('function.run.status.running')).first(),
      ).toBeVisible()
      await app.getByRole('link', { name: t('runs.links.follower.on-error') }).click()
      const shown = app.getByTestId('run-page')
      await expect(shown.getByText('Pump 7 is dry').first()).toBeVisible()
      await expect(shown.getByRole('link', { name: t('runs.links.source.on-error') })).toBeVisible()

      await app.goto(`${product.url}/#/runs`)
      await app.getByRole('combobox', { name: t('runs.filter.trigger') }).click()
      await app.getByRole('option', { name: t('function.run.trigger.on-error'), exact: true }).click()
      await expect(app.getByTestId('runs-table').locator('tbody tr')).toHaveCount(1)

      // a function that is gone since is said to be on the next failed run
      await product.api('DELETE', '/api/functions/tell')
      const { body: second } = await product.api<Run>('POST', '/api/functions/alarm/runs', {})
      const refused = async () =>
        (await product.api<Run>('GET', `/api/runs/${second.id}`)).body.onErrorRefused
      await expect.poll(refused).toMatchObject({ code: 'FUNCTION_MISSING' })
      await app.goto(`${product.url}/#/run/${second.id}`)
      await expect(app.getByTestId('on-error-refused')).toContainText(
        t('runs.links.onErrorRefused', { name: 'Tell the operator' }),
      )
      await expectAccessible(app)
    })
  })
}
