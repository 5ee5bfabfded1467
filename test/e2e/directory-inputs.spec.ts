import type { Locator, Page } from '@playwright/test'
import { expect, expectAccessible, languages, test } from './fixtures.ts'
import type { Texts } from './fixtures.ts'
import type { Product } from '../support/product.ts'

/** Whoever calls the function says who is on call; the step texts them, by name. */
for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('makes a member an input, texts the one who is chosen, and refuses one who is gone', async ({
      app,
      product,
      t,
    }) => {
      await app.getByRole('treeitem', { name: 'My first function' }).click()
      await addInput(app, t)
      await drawStep(app, t)
      await fillParameters(app, t)
      await app.keyboard.press('Control+s')
      await expect(app.getByTestId('save-state')).toHaveText(t('function.state.saved'))
      await runWithPicker(app, t)

      const call = (onCall: unknown) =>
        product.api<object>('POST', '/api/functions/my-first-function/runs', { onCall })
      expect((await call(await idOf(product, 'Hana'))).body).toMatchObject({
        input: { onCall: { kind: 'member', name: 'Hana Sato' } },
        steps: [{}, { messages: [{ name: 'Hana Sato', state: 'accepted' }] }],
      })
      expect(await call({ kind: 'member', id: 'gone' })).toMatchObject({
        status: 422,
        body: { fields: [{ path: 'onCall' }] },
      })

      await app.getByRole('button', { name: t('app.sandbox'), exact: true }).click()
      await expect(app.getByText('Please come, Ben Lindqvist')).toHaveCount(1)
      await expect(app.getByText('Please come, Hana Sato')).toHaveCount(1)
    })
  })
}

// without the `app` fixture: the browser's console tells of every refusal
test('says at the input that somebody was deleted while the form was open', async ({
  browser,
  product,
  t,
}) => {
  const position = { x: 0, y: 0 }
  const graph = {
    ...{ format: 1, id: 'ask', name: 'ask', title: 'Ask' },
    inputs: [{ name: 'onCall', title: 'On call', type: 'member', required: true }],
    nodes: [
      { id: 'start', type: 'start', position },
      { id: 'return', type: 'return', position: { x: 320, y: 0 } },
    ],
    connections: [{ id: 'c', from: { node: 'start', port: 'next' }, to: { node: 'return', port: 'in' } }],
  }
  await product.api('POST', '/api/functions', { title: 'Ask', name: 'ask', graph })
  const page = await browser.newPage({ locale: 'en' })
  await page.goto(product.link)
  await page.getByRole('treeitem', { name: 'Ask' }).click()
  await page.getByRole('button', { name: t('function.toolbar.run'), exact: true }).click()
  const form = page.getByTestId('run-form')
  const field = form.getByRole('group', { name: 'On call' })
  await choose(field, t, 'Ivan Petrov')
  await product.api('DELETE', `/api/members/${await idOf(product, 'Ivan')}`)
  await form.getByRole('button', { name: t('function.run.start'), exact: true }).click()
  await expect(field.getByRole('alert')).toHaveText(t('validation.unknownMember'))
  await page.close()
})

test('sets a variable to departments that are chosen, with or without those below', async ({ app, t }) => {
  await app.getByRole('treeitem', { name: 'Night shift alarm' }).click()
  await app
    .getByRole('treeitem', { name: t('nodes.assign-variable.title') })
    .dragTo(app.getByTestId('flow-canvas'), { targetPosition: { x: 300, y: 600 } })
  await node(app, t, 'assign-variable').dblclick()
  const dialog = app.getByRole('dialog')
  await dialog.getByRole('combobox', { name: t('function.value.type') }).click()
  await app.getByRole('option', { name: t('function.types.departments'), exact: true }).click()
  await dialog.getByRole('button', { name: t('ui.ok'), exact: true }).click()
  await expect(dialog.getByText(t('function.typed.directory'))).toBeVisible()
  const value = dialog.locator('[data-path="value"]')
  await value.getByRole('button', { name: t('ui.choose') }).click()
  await value.getByRole('checkbox', { name: 'Production', exact: true }).check()
  await value.getByRole('checkbox', { name: 'Maintenance', exact: true }).check()
  await value
    .getByRole('checkbox', { name: t('function.recipients.subDepartmentsOf', { name: 'Maintenance' }) })
    .uncheck()
  await expectAccessible(app)
  await value.getByRole('button', { name: t('function.recipients.done') }).click()
  await expect(value.getByRole('listitem').filter({ hasText: 'Plant North / Production' })).toBeVisible()
  await dialog.getByRole('button', { name: t('ui.ok'), exact: true }).click()
  await expect(node(app, t, 'assign-variable')).toContainText('Production, Maintenance')

  await node(app, t, 'assign-variable').dblclick()
  await expect(value.getByRole('listitem')).toHaveText([/Production/, /Plant North \/ Maintenance *$/, /./])
})

async function addInput(page: Page, t: Texts) {
  await page.getByRole('button', { name: t('function.toolbar.inputs'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: t('function.inputs.add') }).click()
  await dialog.getByRole('textbox', { name: t('function.inputs.name'), exact: true }).fill('onCall')
  await dialog.getByRole('textbox', { name: t('function.inputs.label'), exact: true }).fill('On call')
  await dialog.getByRole('combobox', { name: t('function.inputs.type') }).click()
  await page.getByRole('option', { name: t('function.types.member'), exact: true }).click()
  await dialog.getByRole('checkbox', { name: t('function.inputs.required') }).check()
  await choose(dialog.getByRole('group', { name: t('function.inputs.default') }), t, 'Amara Okafor')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: t('ui.ok'), exact: true }).click()
  await expect(dialog).toBeHidden()
}

async function drawStep(page: Page, t: Texts) {
  await page
    .getByRole('treeitem', { name: t('nodes.sms-notification.title') })
    .dragTo(page.getByTestId('flow-canvas'), { targetPosition: { x: 480, y: 300 } })
  await node(page, t, 'start')
    .locator('[data-port="next"]')
    .dragTo(node(page, t, 'sms-notification').locator('[data-port="in"]'))
}

async function fillParameters(page: Page, t: Texts) {
  await node(page, t, 'sms-notification').dblclick()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('tab', { name: t('function.recipients.values') }).click()
  await dialog.getByRole('button', { name: t('function.recipients.addValue') }).click()
  await dialog.getByRole('combobox', { name: t('function.recipients.valueLabel', { number: 1 }) }).click()
  await expect(page.getByRole('treeitem', { name: 'onCall.name' })).toHaveCount(0)
  await page.getByRole('treeitem', { name: 'On call' }).click()

  await dialog.getByRole('combobox', { name: t('nodes.sms-notification.params.service.label') }).click()
  await page.getByRole('option', { name: /Sandbox/ }).click()
  await dialog
    .getByRole('textbox', { name: t('nodes.sms-notification.params.templateText.label'), exact: true })
    .fill('Please come, ${name}')
  const variable = dialog.locator('[data-path="variables/name"]')
  await variable.getByRole('radio', { name: t('function.value.variable') }).check()
  await variable.getByRole('combobox').click()
  await page.getByRole('treeitem', { name: 'onCall.name' }).click()

  const xRay = dialog.getByTestId('x-ray')
  await expect(xRay.getByTestId('x-ray-bubble')).toContainText('Please come, Amara Okafor')
  await choose(xRay.getByRole('group', { name: 'On call' }), t, 'Chen Yu')
  await expect(xRay.getByTestId('x-ray-bubble')).toContainText('Please come, Chen Yu')
  await expect(xRay.getByRole('listitem').filter({ hasText: '+12****0103' })).toBeVisible()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: t('ui.ok'), exact: true }).click()
  await expect(dialog).toBeHidden()
}

async function runWithPicker(page: Page, t: Texts) {
  await page.getByRole('button', { name: t('function.toolbar.run'), exact: true }).click()
  const form = page.getByTestId('run-form')
  await choose(form.getByRole('group', { name: 'On call' }), t, 'Ben Lindqvist')
  await expectAccessible(page)
  await form.getByRole('button', { name: t('function.run.start'), exact: true }).click()
  const panel = page.getByRole('complementary', { name: t('function.run.title') })
  await expect(panel.getByText(t('function.run.status.done'), { exact: true }).first()).toBeVisible()
  await expect(panel.getByText('+44****0102')).toBeVisible()
}

/** Searches for a member and picks them; the list closes and the one chosen stands there alone. */
async function choose(field: Locator, t: Texts, name: string) {
  await field.getByRole('button', { name: t('ui.choose') }).click()
  await field
    .getByRole('searchbox', { name: t('function.recipients.searchOnly.member') })
    .fill(name.slice(0, 4))
  await expect(field.getByRole('checkbox')).toHaveCount(1)
  await field.getByRole('checkbox', { name }).press('Space')
  await expect(field.getByRole('searchbox')).toHaveCount(0)
  await expect(field.getByRole('button', { name: t('ui.choose') })).toBeFocused()
  await expect(
    field.getByRole('listitem').filter({ hasText: t('function.recipients.kind.member') }),
  ).toHaveText(new RegExp(name))
}

async function idOf(product: Product, name: string): Promise<string> {
  const { body } = await product.api<{ members: { id: string }[] }>('GET', `/api/members?search=${name}`)
  return body.members[0]!.id
}

/** The newest card of a type on the canvas. */
function node(page: Page, t: Texts, type: string): Locator {
  return page
    .getByTestId('node-card')
    .filter({ hasText: t(`nodes.${type}.title`) })
    .last()
}
