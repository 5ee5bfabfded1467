import type { Locator, Page } from '@playwright/test'
import type { Trigger } from '../../nodes/api/triggers.ts'
import { flow, returns } from '../support/flow.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'
import type { Texts } from './fixtures.ts'

const device = { name: 'device', title: 'Device', type: 'text', required: true }

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })
    test.beforeEach(async ({ product }) => {
      test.slow()
      const echo = flow({ end: returns('device & "!"') }, { name: 'echo', inputs: [device] as never })
      await product.api('POST', '/api/functions', { name: 'echo', title: 'Echo', graph: echo })
      const source = flow({ end: returns('"Pump 7"') }, { name: 'source' })
      await product.api('POST', '/api/functions', { name: 'source', title: 'Source', graph: source })
    })

    test('makes an HTTP trigger that is off, shows its key once, and starts the function when it is on', async ({
      app,
      product,
      t,
    }) => {
      const triggers = await openTriggers(app, t)
      await expect(triggers).toContainText(t('triggers.none'))
      await expectAccessible(app)
      const dialog = await add(app, t, 'hook')
      await dialog.getByLabel(t('triggers.form.name'), { exact: false }).first().fill('Pump alarm')
      await dialog.getByLabel(t('triggers.form.path'), { exact: false }).fill('pump-alarm')
      await dialog.getByText(t('triggers.form.schema')).click()
      await expect(dialog).toContainText('"device"')
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('ui.save') }).click()
      const secret = await app.getByTestId('trigger-secret').inputValue()
      await expect(app.getByRole('dialog')).toContainText(`${product.url}/hooks/pump-alarm`)
      await expectAccessible(app)
      await app
        .getByRole('dialog')
        .getByRole('button', { name: t('ui.close') })
        .last()
        .click()

      const call = (key: string) =>
        product.api<{ output: string }>(
          'POST',
          '/hooks/pump-alarm',
          { device: 'Pump 7' },
          { 'x-trigger-key': key },
        )
      expect((await call(secret)).status).toBe(404)
      const card = triggers.getByTestId('trigger')
      await card.getByRole('switch', { name: t('triggers.onName', { name: 'Pump alarm' }) }).click()
      await expect(
        app.getByText(t('triggers.switchedOn', { name: 'Pump alarm' }), { exact: true }),
      ).toBeVisible()
      expect((await call(secret)).body.output).toBe('Pump 7!')
      expect((await call('another')).status).toBe(401)
      expect((await product.api('POST', '/hooks/pump-alarm', {}, { 'x-trigger-key': secret })).status).toBe(
        400,
      )

      await card.getByRole('button', { name: t('triggers.log.show', { name: 'Pump alarm' }) }).click()
      await expect(card.getByText(t('triggers.log.state.refused'))).toBeVisible()
      await expect(card.getByText(t('triggers.log.state.started'), { exact: true })).toBeVisible()
      await expectAccessible(app)
      await card
        .getByRole('link', { name: t('function.run.status.done') })
        .or(card.getByRole('link'))
        .first()
        .click()
      await expect(app).toHaveURL(/#\/runs\?run=/)
      await expect(app.getByText(t('function.run.trigger.hook')).first()).toBeVisible()
    })

    test.describe('with a pattern that cannot be read', () => {
      test.use({ provoked: '400 (Bad Request)' })
      test('makes a schedule, shows the next times while it is typed, and rests on holidays', async ({
        app,
        product,
        t,
      }) => {
        const triggers = await openTriggers(app, t)
        const dialog = await add(app, t, 'schedule')
        await dialog.getByLabel(t('triggers.form.name'), { exact: false }).first().fill('Every morning')
        const times = dialog.getByTestId('next-times').getByRole('listitem')
        await expect(times).toHaveCount(10)
        await choose(app, dialog, t('triggers.form.times'), t('triggers.form.timesCron'))
        const cron = dialog.getByRole('textbox', { name: t('triggers.form.cron') })
        await cron.fill('99 * * * *')
        await expect(dialog.getByText(t('validation.cron')).first()).toBeVisible()
        await cron.fill('0 9 1 1 *')
        await expect(times).toHaveCount(10)
        await expect(times.first()).toContainText(/1月1日|Jan 1/)
        await dialog.getByRole('checkbox', { name: t('triggers.form.skipHolidays') }).click()
        await choose(app, dialog, t('triggers.form.catchUp'), t('triggers.form.catchUpOnce'))
        await dialog.getByRole('textbox', { name: 'Device' }).fill('Pump 7')
        await expectAccessible(app)
        await dialog.getByRole('button', { name: t('ui.save') }).click()
        const card = triggers.getByTestId('trigger')
        await expect(card).toContainText('0 9 1 1 *')
        await card.getByRole('switch').click()
        const next = async () => {
          const { body } = await product.api<Trigger[]>('GET', '/api/functions/echo/triggers')
          return body[0]!.next
        }
        await expect.poll(next).not.toBeNull()
        const first = (await next())!

        await triggers.getByRole('button', { name: t('triggers.holidays') }).click()
        const days = app.getByRole('dialog')
        await days.getByRole('textbox').fill('Christmas')
        await days.getByRole('button', { name: t('ui.save') }).click()
        await expect(days.getByText(t('triggers.days.line', { line: 1 }))).toBeVisible()
        await expectAccessible(app)
        const year = new Date().getFullYear() + 1
        await days.getByRole('textbox').fill(`${year}-01-01 New Year\n${year}-12-25`)
        await days.getByRole('button', { name: t('ui.save') }).click()
        await expect(days).toBeHidden()
        await expect.poll(next).not.toBe(first)
        await expect(card).toContainText(String(year + 1))
      })
    })

    test('makes a trigger for an event and one that follows a function, by keyboard, and says what is wrong with it', async ({
      app,
      product,
      t,
    }) => {
      const triggers = await openTriggers(app, t)
      const dialog = await add(app, t, 'event')
      await dialog.getByRole('button', { name: t('ui.save') }).click()
      await expect(dialog.getByText(t('validation.eventName'))).toBeVisible()
      await expect(dialog.getByText(t('problems.inputMissing', { name: 'Device' }))).toBeVisible()
      await dialog.getByLabel(t('triggers.form.name'), { exact: false }).first().fill('Alarm')
      await dialog.getByRole('textbox', { name: t('triggers.form.event') }).fill('machine.alarm')
      await formula(dialog.getByTestId('formula-editor').first(), 'payload.severity > 3')
      await dialog
        .locator('label')
        .filter({ hasText: t('function.value.formula') })
        .click()
      await formula(dialog.getByTestId('formula-editor').last(), 'payload.device')
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('ui.save') }).click()
      const card = triggers.getByTestId('trigger')
      await expect(card).toContainText('payload.severity > 3')
      await card.getByRole('switch').focus()
      await app.keyboard.press('Space')
      await expect(app.getByText(t('triggers.switchedOn', { name: 'Alarm' }), { exact: true })).toBeVisible()
      const send = (severity: number) =>
        product.api<{ started: { state: string }[] }>('POST', '/api/events/machine.alarm', {
          ...{ severity, device: 'Pump 7' },
        })
      expect((await send(5)).body.started).toMatchObject([{ state: 'started' }])
      expect((await send(1)).body.started).toMatchObject([{ state: 'skipped' }])
      await card.getByRole('button', { name: t('triggers.log.show', { name: 'Alarm' }) }).click()
      await expect(card.getByText(t('errors.TRIGGER_CONDITION.title'))).toBeVisible()

      const after = await add(app, t, 'after-function')
      await after.getByLabel(t('triggers.form.name'), { exact: false }).first().fill('Next')
      await after.getByRole('combobox', { name: t('triggers.form.after') }).fill('Source')
      await app.getByRole('option', { name: /Source/ }).click()
      await after
        .locator('label')
        .filter({ hasText: t('function.value.variable') })
        .click()
      await after.getByRole('combobox', { name: 'Device' }).press('o')
      await app.keyboard.type('utput')
      await app.getByRole('treeitem', { name: 'trigger.output' }).click()
      await after.getByRole('button', { name: t('ui.save') }).click()
      const second = triggers.getByTestId('trigger').nth(1)
      await expect(second).toContainText(t('triggers.about.after.done', { function: 'Source' }))
      await second.getByRole('switch').click()
      await expect(app.getByText(t('triggers.switchedOn', { name: 'Next' }), { exact: true })).toBeVisible()
      await product.api('POST', '/api/functions/source/runs', {})
      await expect
        .poll(async () => {
          const { body } = await product.api<{ trigger: string }[]>('GET', '/api/runs?function=echo')
          return body.map((run) => run.trigger)
        })
        .toContain('after-function')

      await product.api('DELETE', '/api/functions/source')
      await expect(second).toContainText(t('triggers.problem'))
      await expect(second).toContainText(t('problems.functionMissing', { name: 'source' }))
      await second.getByRole('button', { name: t('triggers.delete', { name: 'Next' }) }).click()
      await app
        .getByRole('alertdialog')
        .or(app.getByRole('dialog'))
        .getByRole('button', { name: t('triggers.deleteAction') })
        .click()
      await expect(triggers.getByTestId('trigger')).toHaveCount(1)
      await triggers.getByRole('button', { name: t('triggers.back') }).focus()
      await app.keyboard.press('Escape')
      await expect(triggers).toBeHidden()
    })
  })
}

async function openTriggers(app: Page, t: Texts): Promise<Locator> {
  await app.evaluate(() => (location.hash = '#/function/echo'))
  await app.getByRole('button', { name: t('triggers.show'), exact: true }).click()
  return app.getByTestId('triggers')
}

async function add(
  app: Page,
  t: Texts,
  kind: 'hook' | 'schedule' | 'event' | 'after-function',
): Promise<Locator> {
  await app
    .getByTestId('triggers')
    .getByRole('button', { name: t('triggers.add') })
    .click()
  await app.getByRole('menuitem', { name: t(`triggers.kind.${kind}`) }).click()
  return app.getByRole('dialog', { name: t(`triggers.form.add.${kind}`) })
}

async function choose(app: Page, dialog: Locator, label: string, option: string): Promise<void> {
  await dialog.getByRole('combobox', { name: label, exact: true }).click()
  await app.getByRole('option', { name: option }).click()
}

async function formula(editor: Locator, source: string): Promise<void> {
  await editor.locator('.cm-content').click()
  await editor.page().keyboard.type(source)
}
