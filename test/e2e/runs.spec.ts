import type { Run } from '../../nodes/api/runs.ts'
import { httpAnswer, startWireServer } from '../contract/wire-server.ts'
import { assign, fixed, flow, formula, returns } from '../support/flow.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'

/** Three rounds, of which the second calls an address. */
function graphOf(url: string) {
  const graph = flow(
    {
      loop: { type: 'loop', params: { list: fixed(3) }, to: { each: 'check', done: 'end' } },
      check: {
        type: 'condition',
        params: { branches: [{ id: 'second', when: formula('item = 2') }] },
        to: { second: 'call', otherwise: 'note' },
      },
      call: { type: 'http-request', params: { method: 'POST', url: fixed(url) } },
      note: assign('seen', 'item'),
      end: returns('CONCAT(device, " ", seen)'),
    },
    { name: 'rounds', inputs: [{ name: 'device', type: 'text', title: 'Device', required: true }] },
  )
  return {
    ...graph,
    title: 'Rounds',
    nodes: graph.nodes.map((node, at) => ({
      ...node,
      position: { x: (at % 3) * 320, y: Math.floor(at / 3) * 200 },
    })),
  }
}

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('finds a failed run, looks into its rounds, and goes on with it', async ({ app, product, t }) => {
      let status = 500
      const server = await startWireServer((socket) => socket.write(httpAnswer(status, '{}')))
      await product.api('PUT', '/api/settings', { egressAllow: ['127.0.0.1'] })
      const graph = graphOf(`${server.origin}/orders`)
      await product.api('POST', '/api/functions', { title: 'Rounds', name: 'rounds', graph })
      const { body: failed } = await product.api<Run>('POST', '/api/functions/rounds/runs', {
        device: 'Pump 7',
      })
      expect(failed.status).toBe('failed')
      await product.api('POST', '/api/functions/night-shift-alarm/runs?dryRun=true', { device: 'Fan 2' })

      await app.getByRole('treeitem', { name: t('runs.title'), exact: true }).click()
      const rows = app.getByTestId('runs-table').locator('tbody tr')
      await expect(rows).toHaveCount(2)
      const search = app.getByRole('searchbox', { name: t('runs.filter.text') })
      await search.fill('nobody')
      await expect(app.getByText(t('runs.nothingFits'))).toBeVisible()
      await search.fill('pump 7')
      await expect(rows).toHaveCount(1)
      await app.getByRole('combobox', { name: t('runs.filter.trigger') }).click()
      await app.getByRole('option', { name: t('function.run.trigger.http'), exact: true }).click()
      await expect(rows).toHaveCount(1)
      await expectAccessible(app)
      await rows.first().getByRole('button').click()
      await app.getByRole('link', { name: t('runs.whole') }).click()

      const page = app.getByTestId('run-page')
      const rounds = page.getByTestId('run-rounds')
      await expect(rounds.getByRole('combobox')).toHaveText(t('runs.rounds.round', { round: 2 }))
      await expect(page.locator('[data-node="call"]')).toHaveAttribute('data-state', 'failed')
      await expect(page.locator('[data-node="note"]')).toHaveCount(0)
      await expectAccessible(app)
      await rounds.getByRole('button', { name: t('runs.rounds.back') }).click()
      await expect(page.locator('[data-node="note"]')).toHaveAttribute('data-state', 'done')
      await expect(page.locator('[data-node="call"]')).toHaveCount(0)

      status = 200
      await page.getByRole('button', { name: t('runs.retry.action') }).click()
      await expect(app).not.toHaveURL(new RegExp(failed.id))
      await expect(page.getByTestId('run-shown')).toHaveAttribute('data-status', 'done')
      await expect(page.getByText('Pump 7 3').first()).toBeVisible()
      await page.getByRole('link', { name: t('runs.links.source.retry') }).click()
      await expect(page.getByRole('link', { name: t('runs.links.follower.retry') })).toBeVisible()
      await expect(page.getByRole('button', { name: t('runs.retry.action') })).toHaveCount(0)

      await page.getByRole('button', { name: t('runs.again.action') }).click()
      await app.getByRole('menuitem', { name: t('runs.again.draft') }).click()
      await expect(page.getByRole('link', { name: t('runs.links.source.again') })).toBeVisible()
      await expect(page.getByTestId('run-shown')).toHaveAttribute('data-status', 'done')

      await page.getByRole('button', { name: t('runs.load.action') }).click()
      const panel = app.getByTestId('run-panel')
      await expect(panel.getByTestId('run-shown')).toHaveAttribute('data-status', 'done')
      await panel.getByRole('button', { name: t('function.run.back') }).click()
      await expect(panel.getByRole('textbox', { name: 'Device' })).toHaveValue('Pump 7')
      await server.close()
    })
  })
}
