import type { Json } from '../../nodes/json.ts'
import { assign, flow, formula, returns } from '../support/flow.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'

const inputs: Json[] = [
  { name: 'device', title: 'Device', type: 'text', required: true },
  { name: 'severity', title: 'Severity', type: 'number' },
]

function graph() {
  const made = flow(
    {
      label: assign('label', 'UPPER(device)', 'twice'),
      twice: assign('twice', 'label * 2', 'end'),
      end: returns('twice'),
    },
    { name: 'typed', inputs },
  )
  return { ...made, nodes: made.nodes.map((node, at) => ({ ...node, position: { x: at * 300, y: 0 } })) }
}

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('says where a value fails, in the list and below the field, until it fits', async ({
      app,
      product,
      t,
    }) => {
      await product.api('POST', '/api/functions', { title: 'Typed', name: 'typed', graph: graph() })
      await app.goto(`${product.url}/#/function/typed`)
      const wrong = t('problems.value.wrong.number', { name: 'label' })
      await app.getByTestId('problems-button').click()
      await app.getByTestId('problems').getByRole('button', { name: wrong }).click()
      const dialog = app.getByRole('dialog')
      await expect(dialog.getByRole('alert').filter({ hasText: wrong })).toBeVisible()

      const content = dialog.getByTestId('formula-editor').locator('.cm-content')
      await content.fill('severity * 2')
      await expect(dialog.getByText(wrong)).toHaveCount(0)
      const missing = t('problems.value.missing', { name: 'severity' })
      await expect(dialog.getByRole('status').filter({ hasText: missing })).toBeVisible()
      await expectAccessible(app)
      await content.fill('LEN(label) * 2')
      await expect(dialog.getByText(missing)).toHaveCount(0)
      await dialog.getByRole('button', { name: t('ui.ok') }).click()
      await expect(app.getByTestId('problems').getByText(t('function.problems.none'))).toBeVisible()
    })

    test('takes a word that is typed over a coloured one', async ({ app, product }) => {
      await product.api('POST', '/api/functions', { title: 'Typed', name: 'typed', graph: graph() })
      await app.goto(`${product.url}/#/function/typed`)
      await app.getByTestId('node-card').filter({ hasText: 'UPPER' }).first().dblclick()
      const content = app.getByRole('dialog').getByTestId('formula-editor').locator('.cm-content')
      await content.click()
      await app.keyboard.press('Control+a')
      // the fixture sees what the browser says of it
      await app.keyboard.type('LOWER(device)')
      await expect(content).toHaveText('LOWER(device)')
      await content.locator('.formula-word').dblclick()
      await app.keyboard.press('(')
      await expect(content).toHaveText('(LOWER)(device)')
    })

    test('shows what a formula gives with the values of the last run, while it is typed', async ({
      app,
      product,
      t,
    }) => {
      const { nodes, ...rest } = graph()
      const good = nodes.map((node) =>
        node.id === 'twice' ? { ...node, params: { name: 'twice', value: formula('LEN(label) * 2') } } : node,
      )
      await product.api('POST', '/api/functions', {
        title: 'Typed',
        name: 'typed',
        graph: { ...rest, nodes: good },
      })
      await product.api('POST', '/api/functions/typed/runs?wait=10&version=draft', { device: 'Pump 7' })
      await app.goto(`${product.url}/#/function/typed`)
      await app.getByTestId('node-card').filter({ hasText: 'twice' }).first().dblclick()
      const dialog = app.getByRole('dialog')
      const sample = dialog.getByTestId('value-sample')
      await expect(sample).toContainText(t('function.value.sample.gives'))
      await expect(sample.locator('code')).toHaveText('12')
      const content = dialog.getByTestId('formula-editor').locator('.cm-content')
      await content.fill('device & "!"')
      await expect(sample.locator('code')).toHaveText('"Pump 7!"')
      await content.fill('severity + 1')
      await expect(sample).toHaveText(t('function.value.sample.unknown', { names: 'severity' }))
      await content.fill('1 / LEN(LEFT(device, 0))')
      await expect(sample).toContainText(t('problems.formula.divisionByZero'))
      await expect(dialog.getByTestId('formula-editor').locator('.cm-lintRange-warning')).toBeVisible()
      await expectAccessible(app)
    })

    test('offers variables with their type and a sample, and greys what does not fit with the reason', async ({
      app,
      product,
      t,
    }) => {
      const { nodes, ...rest } = graph()
      const waiting = { mode: 'for', unit: 'minutes', amount: { kind: 'variable', path: 'severity' } }
      const changed: Record<string, object> = {
        twice: { type: 'wait', params: waiting },
        end: { params: { value: formula('label') } },
      }
      const all = nodes.map((node) => ({ ...node, ...changed[node.id] }))
      const body = { title: 'Typed', name: 'typed', graph: { ...rest, nodes: all } }
      await product.api('POST', '/api/functions', body)
      await product.api('POST', '/api/functions/typed/runs?wait=0&version=draft', {
        device: 'Pump 7',
        severity: 3,
      })
      await app.goto(`${product.url}/#/function/typed`)
      await app
        .getByTestId('node-card')
        .filter({ hasText: t('nodes.wait.title') })
        .first()
        .dblclick()
      const amount = app.getByRole('dialog').locator('[data-field="amount"]')
      await expect(amount.getByTestId('value-sample').locator('code')).toHaveText('3')
      await amount.getByRole('combobox').click()
      const fits = app
        .getByRole('treeitem')
        .filter({ hasText: `severity · ${t('function.types.number')} · 3` })
      await expect(fits).toBeEnabled()
      const wrong = t('problems.value.wrong.number', { name: 'device' })
      const unfit = app.getByRole('treeitem').filter({ hasText: wrong })
      await expect(unfit).toBeDisabled()
      await app.keyboard.type('sever')
      await expect(fits).toBeVisible()
      await expect(unfit).toHaveCount(0)
      await app.keyboard.press('Enter')
      await expect(amount.getByRole('combobox')).toHaveText('Severity')
      await expect(amount.getByRole('combobox')).toBeFocused()
    })
  })
}
