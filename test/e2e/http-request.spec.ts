import type { FunctionElement } from '../../nodes/api/elements.ts'
import { httpAnswer, startWireServer } from '../contract/wire-server.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'

const secret = 'a-long-secret-value-7f3a'

/** Start → HTTP Request, which answers the function’s caller. */
function graphOf(url: string) {
  const place = (x: number) => ({ position: { x, y: 0 } })
  const connection = (from: string, port: string, to: string) => ({
    ...{ id: `${from}-${to}`, from: { node: from, port }, to: { node: to, port: 'in' } },
  })
  return {
    ...{ format: 1, id: 'call', name: 'call', title: 'Call' },
    nodes: [
      { id: 'start', type: 'start', ...place(0) },
      { id: 'http', type: 'http-request', ...place(320), params: { url: { kind: 'fixed', value: url } } },
      {
        ...{ id: 'return', type: 'return', ...place(640) },
        params: { value: { kind: 'formula', source: 'nodes.http.body' } },
      },
    ],
    connections: [connection('start', 'next', 'http'), connection('http', 'done', 'return')],
  }
}

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('allows an address, keeps a secret, and sends it in a header', async ({ app, product, t }) => {
      const server = await startWireServer((socket, { head }) =>
        socket.write(httpAnswer(200, `echo ${head}`)),
      )
      const graph = graphOf(`${server.origin}/orders`)
      await product.api('POST', '/api/functions', { title: 'Call', name: 'call', graph })

      await expect(app.getByRole('treeitem', { name: 'My first function' })).toBeVisible()
      await app.goto(`${product.url}/#/settings`)
      const http = app.getByRole('region', { name: t('settings.http.title') })
      await http.getByLabel(t('settings.http.allow')).fill('http://127.0.0.1')
      await http.getByRole('button', { name: t('ui.save') }).click()
      await expect(http.getByText(t('validation.egressEntry'))).toBeVisible()
      await http.getByLabel(t('settings.http.allow')).fill('127.0.0.1')
      await http.getByRole('button', { name: t('ui.save') }).click()
      await expect(app.getByText(t('settings.http.saved')).first()).toBeVisible()

      const secrets = app.getByRole('region', { name: t('settings.secrets.title'), exact: true })
      await secrets.getByRole('button', { name: t('settings.secrets.add') }).click()
      const form = app.getByRole('dialog')
      await form.getByLabel(t('settings.secrets.name')).fill('crm')
      await form.getByLabel(t('settings.secrets.hosts')).fill('127.0.0.1')
      await form.getByLabel(t('settings.secrets.value')).fill(secret)
      await form.getByRole('button', { name: t('ui.save') }).click()
      await expect(secrets.getByText('••••7f3a')).toBeVisible()
      await expectAccessible(app)

      await app.goto(`${product.url}/#/function/call`)
      await app.getByTestId('node-card').filter({ hasText: '/orders' }).dblclick()
      const dialog = app.getByRole('dialog')
      await dialog.getByRole('button', { name: t('function.http.headers.add') }).click()
      await dialog.getByPlaceholder('Authorization').fill('Authorization')
      await dialog.getByRole('combobox', { name: t('function.http.headers.source') }).click()
      await app.getByRole('option', { name: t('function.http.headers.secret') }).click()
      await dialog.getByLabel(t('function.http.headers.prefix')).fill('Bearer ')
      await dialog.getByText(t('function.http.headers.chooseSecret')).click()
      await app.getByRole('option', { name: 'crm' }).click()
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('ui.ok') }).click()
      await app.keyboard.press('Control+s')
      await expect(app.getByTestId('save-state')).toHaveText(t('function.state.saved'))

      const saved = (await product.api<FunctionElement>('GET', '/api/functions/call')).body
      expect(JSON.stringify(saved)).not.toContain(secret)
      const run = await product.api<{ output: string }>('POST', '/api/functions/call/runs', {})
      expect(server.requests.at(-1)!.head).toContain(`authorization: Bearer ${secret}`)
      expect(run.body.output).toContain('authorization: Bearer •••')
      await server.close()
    })
  })
}
