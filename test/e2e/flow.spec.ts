import type { FunctionElement } from '../../nodes/api/elements.ts'
import { assign, fixed, flow, formula, returns } from '../support/flow.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'

/** Wait → Set Item in a Loop over three, side by side. */
function graph() {
  const made = flow(
    {
      list: assign('list', '[]', 'loop'),
      loop: {
        type: 'loop',
        params: { list: fixed(3), item: 'n' },
        to: { each: 'wait', done: 'return' },
      },
      wait: {
        type: 'wait',
        params: { mode: 'for', amount: fixed(1), unit: 'seconds' },
        to: { next: 'add' },
      },
      add: { type: 'set-item', params: { name: 'list', action: 'append', value: formula('n * 2') } },
      return: returns('list'),
    },
    { name: 'rounds' },
  )
  return { ...made, nodes: made.nodes.map((node, at) => ({ ...node, position: { x: at * 300, y: 0 } })) }
}

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('asks in a dialog only for what belongs to the choice, and keeps it', async ({
      app,
      product,
      t,
    }) => {
      await product.api('POST', '/api/functions', { title: 'Rounds', name: 'rounds', graph: graph() })
      await app.goto(`${product.url}/#/function/rounds`)
      const card = (text: string) => app.getByTestId('node-card').filter({ hasText: text })
      await expect(card(t('function.summary.each', { item: 'n', list: '3' }))).toBeVisible()

      await card(
        t('function.summary.waitFor', {
          amount: '1',
          unit: t('nodes.wait.params.unit.options.seconds.label'),
        }),
      ).dblclick()
      const dialog = app.getByRole('dialog')
      const field = (name: string) => dialog.locator(`[data-field="${name}"]`)
      await expect(field('unit')).toBeVisible()
      await expect(field('until')).toHaveCount(0)
      await field('mode').getByRole('combobox').click()
      await app.getByRole('option', { name: t('nodes.wait.params.mode.options.until.label') }).click()
      await expect(field('unit')).toHaveCount(0)
      await expect(field('amount')).toHaveCount(0)
      await field('until')
        .getByRole('button', { name: t('function.typed.calendar') })
        .click()
      // the browser's calendar is no part of the page
      await field('until')
        .getByTestId('calendar')
        .evaluate((calendar: HTMLInputElement) => {
          calendar.value = '2030-01-31T08:00'
          calendar.dispatchEvent(new Event('change'))
        })
      await expect(field('until').getByRole('textbox')).toHaveValue('2030-01-31T08:00')
      await field('until').getByRole('textbox').fill('2030-01-31T08:00:00+08:00')
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('ui.ok') }).click()
      await expect(
        card(t('function.summary.waitUntil', { moment: '2030-01-31T08:00:00+08:00' })),
      ).toBeVisible()

      await card(t('function.summary.append', { name: 'list', value: 'n * 2' })).dblclick()
      await expect(field('key')).toHaveCount(0)
      await field('action').getByRole('combobox').click()
      await app.getByRole('option', { name: t('nodes.set-item.params.action.options.remove.label') }).click()
      await expect(field('value')).toHaveCount(0)
      await field('key').getByRole('textbox').fill('1')
      await dialog.getByRole('combobox', { name: t('function.params.onError.label') }).click()
      await app.getByRole('option', { name: t('function.params.onError.branch') }).click()
      await dialog.getByRole('button', { name: t('ui.ok') }).click()
      await app.keyboard.press('Control+s')
      await expect(app.getByTestId('save-state')).toHaveText(t('function.state.saved'))

      await app.getByRole('button', { name: t('function.toolbar.more') }).click()
      await app.getByRole('menuitem', { name: t('function.toolbar.settings') }).click()
      await dialog.getByLabel(t('function.settings.description')).fill('Rounds of three')
      await dialog.getByRole('combobox', { name: t('function.settings.history.label') }).click()
      await app.getByRole('option', { name: t('function.settings.history.failures'), exact: true }).click()
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('ui.ok') }).click()
      await app.keyboard.press('Control+s')
      await expect(app.getByTestId('save-state')).toHaveText(t('function.state.saved'))

      const { graph: kept } = (await product.api<FunctionElement>('GET', '/api/functions/rounds')).body
      expect(kept).toMatchObject({ description: 'Rounds of three', history: 'failures' })
      const { nodes } = (await product.api<FunctionElement>('GET', '/api/functions/rounds')).body.graph
      const saved = (id: string) => nodes.find((node) => node.id === id)!
      expect(saved('wait').params).toMatchObject({ mode: 'until', until: fixed('2030-01-31T08:00:00+08:00') })
      expect(saved('add')).toMatchObject({ params: { action: 'remove' }, onError: 'branch' })
    })
  })
}
