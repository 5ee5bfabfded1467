import type { FunctionElement } from '../../nodes/api/elements.ts'
import { translate } from '../../nodes/locales/index.ts'
import { assign, fixed, flow, formula, returns } from '../support/flow.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'

/** For each of three numbers: add it; then answer. */
const graph = flow(
  {
    sum: assign('sum', '0', 'loop'),
    loop: { type: 'loop', params: { list: fixed(3), item: 'n' }, to: { each: 'add', done: 'return' } },
    add: { type: 'assign-variable', params: { name: 'sum', value: formula('sum + n') }, to: {} },
    return: returns('sum'),
  },
  { name: 'sums' },
)

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('edits a function as a list of statements by keyboard alone', async ({ app, product, t }) => {
      const says = (key: string, facts = {}) => translate(language, `outline.${key}`, facts)
      const set = (name: string, value: string) => says('assign', { name, value })
      await product.api('POST', '/api/functions', { title: 'Sums', name: 'sums', graph })
      await app.goto(`${product.url}/#/function/sums`)
      const toOutline = app.getByRole('button', { name: t('function.outline.outline') })
      await toOutline.focus()
      await app.keyboard.press('Enter')
      const tree = app.getByRole('tree', { name: t('function.outline.label') })
      await tree.focus()
      const lines = tree.locator('.outline-line__text')
      const loop = says('loop', { item: 'n', list: '3' })
      await expect(lines).toHaveText([
        says('start'),
        set('sum', '0'),
        loop,
        set('sum', 'sum + n'),
        says('return', { value: 'sum' }),
      ])
      await expect(tree.getByRole('treeitem', { name: 'sum + n' })).toHaveAttribute('aria-level', '2')

      // behind the first statement, from the menu of the palette
      await app.keyboard.press('ArrowDown')
      await app.keyboard.press('Enter')
      await app.keyboard.type(t('nodes.wait.title'))
      await app.keyboard.press('Enter')
      const wait = says('waitFor', { amount: '10', unit: says('units.minutes') })
      await expect(lines).toHaveText([
        says('start'),
        set('sum', '0'),
        wait,
        loop,
        set('sum', 'sum + n'),
        says('return', { value: 'sum' }),
      ])
      await expectAccessible(app)

      // below the loop, into it, up in it, and out again
      await app.keyboard.press('Alt+ArrowDown')
      await expect(lines.nth(4)).toHaveText(wait)
      await app.keyboard.press('Tab')
      const item = tree.getByRole('treeitem', { name: wait })
      await expect(item).toHaveAttribute('aria-level', '2')
      await app.keyboard.press('Alt+ArrowUp')
      await expect(lines.nth(3)).toHaveText(wait)
      const saved = async () =>
        (await product.api<FunctionElement>('GET', '/api/functions/sums')).body.graph.connections.map(
          ({ from, to }) => `${from.node}:${from.port} ${to.node}`,
        )
      await expect.poll(saved).toContain('loop:each wait1')
      expect(await saved()).toContain('wait1:next add')
      await app.keyboard.press('Shift+Tab')
      await expect(item).toHaveAttribute('aria-level', '1')

      // its dialog, and back
      await app.keyboard.press('F2')
      await expect(app.getByRole('dialog')).toBeVisible()
      await app.keyboard.press('Escape')
      await expect(tree).toBeFocused()

      // gone, and back again
      await app.keyboard.press('Delete')
      await expect(item).toHaveCount(0)
      await expect.poll(saved).toContain('loop:done return')
      await app.keyboard.press('Control+z')
      await expect(item).toHaveCount(1)
      await app.keyboard.press('Control+y')
      await expect(item).toHaveCount(0)

      // Escape, and Tab leaves
      await app.keyboard.press('Escape')
      await app.keyboard.press('Tab')
      await expect(app.getByRole('button', { name: t('function.outline.copyText') })).toBeFocused()

      // the view is remembered, and the canvas shows the same function
      await app.reload()
      await expect(lines).toHaveCount(5)
      await app.getByRole('button', { name: t('function.outline.canvas') }).press('Enter')
      await expect(app.getByTestId('node-card')).toHaveCount(5)
    })
  })
}
