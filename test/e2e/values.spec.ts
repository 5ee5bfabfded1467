import type { Json } from '../../nodes/json.ts'
import { assign, flow, returns } from '../support/flow.ts'
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
  })
}
