import path from 'node:path'
import type { Run } from '../../nodes/api/runs.ts'
import { fixed, flow } from '../support/flow.ts'
import { newFolder, runCli, startProduct } from '../support/product.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'

const waits = flow(
  { wait: { type: 'wait', params: { mode: 'for', amount: fixed(9), unit: 'days' } } },
  { name: 'report' },
)

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('an operator sees what a restore holds, and lets it go on', async ({ app, product, t }) => {
      await product.api('POST', '/api/functions', { title: 'Report', name: 'report', graph: waits })
      const ids: string[] = []
      for (let count = 0; count < 3; count++) {
        ids.push((await product.api<Run>('POST', '/api/functions/report/runs?wait=0', {})).body.id)
      }
      await app.getByRole('treeitem', { name: t('runs.title'), exact: true }).click()
      await expect(app.getByTestId('runs-table').locator('tbody tr')).toHaveCount(3)
      await expect(app.getByTestId('restored-notice')).toBeHidden()

      const file = path.join(newFolder(), 'backup.db')
      const data = path.join(newFolder(), 'new')
      expect(await runCli(['backup', file, '--data', product.data])).toMatchObject({ code: 0 })
      expect(await runCli(['restore', file, '--data', data])).toMatchObject({ code: 0 })
      const restored = await startProduct({ data })
      await app.goto(restored.link)
      await app.getByRole('treeitem', { name: t('runs.title'), exact: true }).click()
      const notice = app.getByRole('region', { name: t('runs.restored.label') })
      await expect(notice).toContainText(t('runs.restored.text'))
      await notice.getByRole('button', { name: t('runs.restored.show') }).click()
      const rows = app.getByTestId('runs-table').locator('tbody tr')
      await expect(rows).toHaveCount(3)
      await expectAccessible(app)

      // one by itself
      await rows.first().getByRole('button').click()
      await expect(app.getByText(t('errors.RUN_RESTORED.title'))).toBeVisible()
      await app.getByRole('button', { name: t('function.run.resume'), exact: true }).click()
      await expect(rows).toHaveCount(2)
      // and all that are left
      await notice.getByRole('button', { name: t('runs.restored.resume') }).click()
      const question = app.getByRole('dialog')
      await expect(question).toContainText(t('runs.restored.confirmText'))
      await question.getByRole('button', { name: t('runs.restored.resume') }).click()
      await expect(notice).toBeHidden()
      for (const id of ids) {
        expect((await restored.api<Run>('GET', `/api/runs/${id}`)).body.status).toBe('running')
      }

      await app.goto(`${restored.url}/#/audit`)
      const log = app.getByRole('table', { name: t('audit.title') })
      await expect(log).toContainText(t('audit.verbs.restore'))
      await expect(log).toContainText(t('audit.details.taken'))
      await restored.stop()
    })
  })
}
