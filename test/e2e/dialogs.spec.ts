import type { Page } from '@playwright/test'
import type { FunctionElement } from '../../nodes/api/elements.ts'
import { nodeDefinitions } from '../../nodes/index.ts'
import { assign, flow } from '../support/flow.ts'
import { ParamsForm } from '../support/params-form.ts'
import { expect, languages, test } from './fixtures.ts'

/** What a person enters in the dialog of each node of the palette; every field that is shown then has another value. */
const entries: Record<string, (form: ParamsForm) => Promise<void>> = {
  start: async () => {},
  comment: (form) => form.write('text', 'Only at night'),
  'assign-variable': async (form) => {
    await form.write('name', 'total')
    await form.formula('value', 'LEN(list) + 2')
  },
  'set-item': async (form) => {
    await form.choose('name', 'list')
    await form.choose('action')
    await form.write('key', '1')
  },
  condition: async (form) => {
    await form.write('branches', 'Many')
    await form.writeFormula('branches', 'LEN(list) > 3')
  },
  loop: async (form) => {
    await form.formula('list', 'list')
    await form.write('item', 'entry')
    await form.write('index', 'round')
    await form.write('atOnce', '2')
    await form.write('limit', '50')
    await form.formula('until', 'round > 3')
    await form.formula('collect', 'entry')
  },
  parallel: async (form) => {
    await form.write('branches', 'Left', 'Right')
    await form.choose('join')
  },
  wait: async (form) => {
    await form.choose('mode')
    await form.write('until', '2030-01-31T08:00:00+08:00')
  },
  try: async () => {},
  'call-function': async (form) => {
    await form.choose('function', 'Callee')
    await form.set('inputs')
    await form.write('inputs', 'Pump 7')
    await form.toggle('wait')
  },
  'find-people': async (form) => {
    await form.chooseRecipient('recipients')
    await form.write('maxRecipients', '40')
  },
  'sms-notification': async (form) => {
    await form.chooseRecipient('recipients')
    await form.choose('service')
    await form.choose('template')
    await form.writeAll('variables', '7')
    await form.choose('onUnknown')
    await form.write('maxRecipients', '20')
    await form.toggle('personalText')
    await form.toggle('urgent')
    await form.choose('success')
  },
  'wait-for-delivery': async (form) => {
    await form.choose('step')
    await form.write('minutes', '25')
  },
  'message-notification': async (form) => {
    await form.chooseRecipient('recipients')
    await form.write('title', 'Look after Pump 7')
    await form.write('text', 'It stands still')
    await form.set('link')
    await form.write('link', '/orders/7')
    await form.write('maxRecipients', '30')
  },
  'http-request': async (form) => {
    await form.choose('method', 'POST')
    await form.write('url', 'https://log.example/entries')
    await form.field('query').getByRole('button').click()
    await form.write('query', 'kind', 'alarm')
    await form.field('headers').getByRole('button').click()
    await form.write('headers', 'X-Source', 'plant')
    await form.choose('body')
    await form.write('body', 'Pump 7 stands still')
    await form.write('timeoutSeconds', '20')
    await form.write('retries', '1')
    await form.toggle('mayRepeat')
    await form.write('success', '2xx, 404')
  },
  'send-code': async (form) => {
    await form.choose('method', 'Phone')
    await form.write('phone', '+1 202 555 0101')
    await form.write('purpose', 'pick-up')
  },
  'check-code': async (form) => {
    await form.write('challenge', 'the-challenge')
    await form.write('code', '123456')
    await form.write('purpose', 'pick-up')
  },
  approval: async (form) => {
    await form.chooseRecipient('recipients')
    for (const choice of ['sign', 'comment', 'nobody', 'repeated', 'late']) await form.choose(choice)
    for (const action of ['canReject', 'canReturn', 'canTransfer', 'canAdd']) await form.toggle(action)
    await form.write('lateMinutes', '3')
    await form.toggle('sms')
    await form.choose('service')
    await form.write('templateText', '${userNick}, decide ${processTitle}')
    await form.write('smsAfterMinutes', '2')
    await form.toggle('smsDecides')
  },
  cc: async (form) => {
    await form.chooseRecipient('recipients')
    await form.toggle('sms')
    await form.choose('service')
    await form.write('templateText', '${userNick}: ${processTitle}')
  },
  return: (form) => form.formula('value', 'list'),
  'throw-error': (form) => form.write('message', 'Nobody was reached'),
}
const types = nodeDefinitions.map(({ type }) => type)
/** Nodes whose card has nothing to say beyond its title. */
const withoutSummary = ['start', 'try']

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('keeps what is entered in the dialog of every node, and every control does something', async ({
      app,
      product,
      t,
    }) => {
      test.setTimeout(300_000)
      expect(Object.keys(entries).sort(), 'an entry for every node of the palette').toEqual([...types].sort())
      const callee = flow({ end: { type: 'return' } }, { name: 'callee', inputs: [{ name: 'device' }] })
      await product.api('POST', '/api/functions', { title: 'Callee', name: 'callee', graph: callee })
      const { body: services } = await product.api<{ id: string }[]>('GET', '/api/sms-services')
      await product.api('POST', '/api/login-methods', {
        ...{ name: 'Phone', service: services[0]!.id, templateText: 'Your code is ${code}.' },
      })
      const inputs = [{ name: 'initiator', type: 'member', required: true }]
      const seed = flow({ list: assign('list', '[1, 2]') }, { name: 'dialogs', inputs })
      // a process, so that the palette has every node
      const graph = { ...seed, process: { title: { kind: 'fixed', value: 'A request' } } }
      await product.api('POST', '/api/functions', { title: 'Dialogs', name: 'dialogs', graph })
      const path = '/api/functions/dialogs'
      const saved = async () => (await product.api<FunctionElement>('GET', path)).body
      const form = new ParamsForm(app, t)

      // one after the other from the palette, each behind the one before
      await app.goto(`${product.url}/#/function/dialogs`)
      await app.reload()
      await app.getByRole('button', { name: t('function.outline.outline'), exact: true }).click()
      const tree = app.getByRole('tree', { name: t('function.outline.label') })
      await tree.focus()
      await app.keyboard.press('End')
      const entered = new Map<string, Record<string, string>>()
      for (const type of Object.keys(entries)) {
        if (type === 'start') await app.keyboard.press('Home')
        else await app.locator(`[data-node-type="${type}"]`).dblclick()
        await expect(tree).toBeFocused()
        await app.keyboard.press('F2')
        await expect(form.dialog).toBeVisible()
        const before = await form.shown()
        await form.dialog.getByLabel(t('function.params.nodeTitle')).fill(`A ${type}`)
        await entries[type]!(form)
        const after = await form.shown()
        for (const [field, text] of Object.entries(after)) {
          expect(text, `${type}: ${field} has another value`).not.toBe(before[field])
        }
        if (await form.onError.isVisible()) await form.chooseOnError('branch')
        entered.set(type, after)
        await form.ok()
        if (type === 'start') await app.keyboard.press('End')
      }
      await app.keyboard.press('Control+s')
      await expect(app.getByTestId('save-state')).toHaveText(t('function.state.saved'))

      // side by side on the canvas, so that all cards are drawn
      const { revision, graph: drawn } = await saved()
      const nodes = drawn.nodes.map((node, place) => ({
        ...node,
        position: { x: (place % 5) * 256, y: Math.floor(place / 5) * 184 },
      }))
      await product.api('PUT', path, { revision, graph: { ...drawn, nodes } })
      await app.evaluate(() => localStorage.clear())
      await app.reload()
      await app.getByRole('button', { name: t('function.outline.canvas'), exact: true }).click()
      await app.getByRole('button', { name: t('function.toolbar.hidePalette') }).click()
      await app.getByRole('button', { name: t('function.toolbar.fit') }).click()
      await expect(app.locator(`[data-node-id="${nodes.at(-1)!.id}"]`)).toBeInViewport({ ratio: 1 })
      for (const type of types) {
        const own = nodes.findLast((node) => node.type === type)!
        const card = app.locator(
          `[data-testid="node-card"][data-node-id="${own.id}"], .node-note[data-node-id="${own.id}"]`,
        )
        if (!withoutSummary.includes(type) && type !== 'comment') {
          await expect(card.locator('.node-card-summary'), `${type} has a summary`).not.toBeEmpty()
        }
        const errorPorts = type === 'try' || own.onError === 'branch' ? 1 : 0
        await expect(card.locator('[data-side="output"][data-port="error"]')).toHaveCount(errorPorts)
        await card.dblclick()
        await expect(form.dialog).toBeVisible()
        await expect(form.dialog.getByLabel(t('function.params.nodeTitle'))).toHaveValue(`A ${type}`)
        await expect.poll(() => form.shown(), `${type} shows what was entered`).toEqual(entered.get(type))
        await expectNoDeadControl(app, form, [t('ui.ok'), t('ui.cancel'), t('ui.close')])
        await form.discard()
      }

      // and the error port goes again
      const assigned = nodes.findLast(({ type }) => type === 'assign-variable')!
      const card = app.locator(`[data-testid="node-card"][data-node-id="${assigned.id}"]`)
      await card.dblclick()
      await form.chooseOnError('stop')
      await form.ok()
      await expect(card.locator('[data-port="error"]')).toHaveCount(0)
      const onError = async () => (await saved()).graph.nodes.find(({ id }) => id === assigned.id)?.onError
      await expect.poll(onError).toBeUndefined()
    })
  })
}

/** Uses each kind of control of the dialog once and looks for what changes on the page. */
async function expectNoDeadControl(app: Page, { dialog }: ParamsForm, others: readonly string[]) {
  const controls =
    'button:enabled:not([aria-selected=true]), input[type=radio]:enabled:not(:checked), input[type=checkbox]:enabled'
  const names = await dialog.locator(controls).evaluateAll((all) =>
    all.map((each, place) => {
      each.setAttribute('data-control', String(place))
      const label = each.getAttribute('aria-label') ?? each.closest('label')?.textContent ?? each.textContent
      return `${each.getAttribute('role') ?? each.getAttribute('type') ?? 'button'} ${label?.trim()}`
    }),
  )
  const seen = new Set(others.map((name) => `button ${name}`).concat(others.map((name) => `submit ${name}`)))
  for (const [place, name] of names.entries()) {
    const control = dialog.locator(`[data-control="${place}"]`)
    if (seen.has(name) || !(await control.isVisible()) || !(await control.isEnabled())) continue
    seen.add(name)
    const before = await stateOf(app)
    await control.click({ force: true })
    await expect.poll(() => stateOf(app), `${name} does something`).not.toBe(before)
    if ((await app.locator('[role=listbox], [role=menu]').count()) > 0) await app.keyboard.press('Escape')
    const above = app.getByRole('dialog')
    if ((await above.count()) > 1) await app.keyboard.press('Escape')
    await expect(above).toHaveCount(1)
    await rest(app)
  }
}

/** Waits until two looks in a row see the same: a list that was opened may still be coming, or going. */
async function rest(app: Page): Promise<void> {
  let before = ''
  const isSame = async () => {
    const now = await stateOf(app)
    const same = now === before
    before = now
    return same
  }
  await expect.poll(isSame, 'the dialog comes to rest').toBe(true)
}

/** All that dialogs and menus show, without where the pointer and the keyboard are. */
function stateOf(app: Page): Promise<string> {
  return app.evaluate(() =>
    [...document.querySelectorAll('[role=dialog], [role=alertdialog], [role=listbox], [role=menu]')]
      .map((layer) => {
        const boxes = [...layer.querySelectorAll<HTMLInputElement>('input, textarea')]
        const marks = [...layer.querySelectorAll('[aria-checked], [aria-expanded], [aria-selected]')].map(
          (each) =>
            ['aria-checked', 'aria-expanded', 'aria-selected'].map((name) => each.getAttribute(name)).join(),
        )
        const values = boxes.map((box) => `${box.value} ${box.checked}`)
        return [(layer as HTMLElement).innerText, ...values, ...marks].join('|')
      })
      .join('#'),
  )
}
