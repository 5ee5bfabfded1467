import type { FunctionElement } from '../../nodes/api/elements.ts'
import type { Json } from '../../nodes/json.ts'
import { assign, fixed, flow } from '../support/flow.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'

const inputs: Json[] = [
  { name: 'device', title: 'Device', type: 'text', required: true },
  { name: 'severity', title: 'Severity', type: 'number' },
]

/** Start → crew → SMS → Return, which answers a text. */
function graph() {
  const made = flow(
    {
      crew: assign('crew', 'LIST(1, 2)', 'sms'),
      sms: { type: 'sms-notification', params: { recipients: [], service: '' }, to: { sent: 'end' } },
      end: { type: 'return', params: { value: fixed('') } },
    },
    { name: 'told', inputs },
  )
  return { ...made, nodes: made.nodes.map((node, at) => ({ ...node, position: { x: at * 300, y: 0 } })) }
}

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('a text is written with values in it, by keyboard alone, and runs', async ({ app, product, t }) => {
      const { nodes, connections, ...rest } = graph()
      await product.api('POST', '/api/functions', {
        ...{ title: 'Told', name: 'told' },
        graph: {
          ...rest,
          nodes: nodes.filter(({ id }) => id !== 'sms'),
          connections: [
            ...connections.filter(({ from, to }) => from.node !== 'sms' && to.node !== 'sms'),
            { id: 'crew-end', from: { node: 'crew', port: 'next' }, to: { node: 'end', port: 'in' } },
          ],
        },
      })
      await app.goto(`${product.url}/#/function/told`)
      const card = app.getByTestId('node-card').filter({ hasText: t('nodes.return.title') })
      await card.first().dblclick()
      const dialog = app.getByRole('dialog').filter({ has: app.getByTestId('params-dialog') })
      const value = dialog.locator('[data-field="value"]')
      const text = value.getByTestId('chip-editor').getByRole('textbox')
      const chips = value.getByTestId('chip')
      await text.click()
      await app.keyboard.type('Pump {{')

      // the list says what fits
      const search = app.getByRole('combobox', { name: t('function.value.search') })
      await expect(search).toBeFocused()
      const wrong = t('problems.value.wrong.writable', { name: 'crew' })
      await expect(app.getByRole('treeitem').filter({ hasText: wrong })).toBeDisabled()
      await expectAccessible(app)
      await app.keyboard.type('devi')
      await app.keyboard.press('Enter')
      await expect(chips).toHaveText(['Device'])
      await expect(text).toBeFocused()
      await app.keyboard.type(' stands (')

      // a formula, from the button
      const insert = value.getByRole('button', { name: t('function.chips.insert') })
      await insert.press('Enter')
      await search.press('Tab')
      await app.keyboard.press('Enter')
      await expect(value.getByTestId('formula-editor').getByRole('textbox')).toBeFocused()
      await app.keyboard.type('severity + 1')
      const put = value.getByRole('button', { name: t('function.chips.put'), exact: true })
      await expect(put).toBeEnabled()
      await put.press('Enter')
      await expect(chips).toHaveText(['Device', 'severity + 1'])
      await expect(text).toBeFocused()
      await app.keyboard.type(')')

      // one key takes a chip away, and undo brings it back
      await app.keyboard.press('ArrowLeft')
      await app.keyboard.press('Backspace')
      await expect(chips).toHaveText(['Device'])
      await app.keyboard.press('Control+z')
      await expect(chips).toHaveText(['Device', 'severity + 1'])

      // copied as text, pasted as chips
      await app.keyboard.press('Control+a')
      await app.keyboard.press('Control+c')
      await app.keyboard.press('End')
      await app.keyboard.press('Control+v')
      await expect(chips).toHaveText(['Device', 'severity + 1', 'Device', 'severity + 1'])
      await app.keyboard.press('Control+z')
      await expect(chips).toHaveCount(2)

      // what does not exist is told at once
      await app.keyboard.press('Control+End')
      await app.keyboard.insertText('{{gone}}')
      const gone = t('problems.formula.unknownName', { name: 'gone' })
      await expect(value.getByRole('status').filter({ hasText: gone })).toBeVisible()
      await expect(chips.last()).toHaveClass(/fault/)
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('ui.ok'), exact: true }).click()
      await expect(value.getByRole('alert')).toContainText(gone)
      await text.press('Control+End')
      await app.keyboard.press('Backspace')
      await expect(chips).toHaveCount(2)

      await dialog.getByRole('button', { name: t('ui.ok'), exact: true }).click()
      await expect(card).toContainText('Pump {{device}} stands ({{severity + 1}})')
      await expect(app.getByTestId('save-state')).toHaveText(t('function.state.saved'))
      const saved = (await product.api<FunctionElement>('GET', '/api/functions/told')).body.graph
      expect(saved.nodes.find(({ id }) => id === 'end')!.params).toEqual({
        value: { kind: 'formula', source: '"Pump " & device & " stands (" & (severity + 1) & ")"' },
      })
      const run = await product.api<{ output: string }>(
        'POST',
        '/api/functions/told/runs?wait=10&version=draft',
        { device: 'P7', severity: 3 },
      )
      expect(run.body.output).toBe('Pump P7 stands (4)')

      // it comes back as it was written
      await card.first().dblclick()
      await expect(chips).toHaveText(['Device', 'severity + 1'])
      await expect(value.getByTestId('value-sample').locator('code')).toHaveText('"Pump P7 stands (4)"')
      await value.getByRole('radio', { name: t('function.value.formula') }).check()
      await expect(value.getByTestId('formula-editor')).toContainText('"Pump " & device')
    })

    test('the text of a message takes values, each with a row below', async ({ app, product, t }) => {
      await product.api('POST', '/api/functions', { title: 'Told', name: 'told', graph: graph() })
      await app.goto(`${product.url}/#/function/told`)
      const title = t('nodes.sms-notification.title')
      await app.getByTestId('node-card').filter({ hasText: title }).first().dblclick()
      const dialog = app.getByRole('dialog').filter({ has: app.getByTestId('params-dialog') })
      const text = dialog.getByRole('textbox', {
        ...{ name: t('nodes.sms-notification.params.templateText.label'), exact: true },
      })
      await text.fill('Please come to ${device} ')
      const chips = dialog.locator('[data-field="templateText"]').getByTestId('chip')
      await expect(chips).toHaveText(['Device'])
      await text.press('Control+End')
      await app.keyboard.type('{{sever')
      await app.keyboard.press('Enter')
      await expect(chips).toHaveText(['Device', 'Severity'])
      await expect(dialog.locator('[data-path="variables/severity"]').getByRole('combobox')).toHaveText(
        'Severity',
      )
      await expectAccessible(app)
      await app.keyboard.press('Backspace')
      await expect(chips).toHaveText(['Device'])
      await expect(dialog.locator('[data-path="variables/device"]').getByRole('combobox')).toHaveText(
        'Device',
      )
    })
  })
}
