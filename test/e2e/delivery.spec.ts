import { expect, expectAccessible, languages, test } from './fixtures.ts'
import type { SmsService } from '../../nodes/api/elements.ts'
import type { Run } from '../../nodes/api/runs.ts'
import type { SandboxInfo } from '../../nodes/api/sandbox.ts'
import type { Graph as FlowGraph } from '../../nodes/graph/schema.ts'

const run = '/api/functions/night-shift-alarm/runs'

/** What becomes of a text after it left: delivered, not wanted any more, or nobody knows. */
for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('an answer of STOP holds the next text back, until somebody lifts it', async ({
      app,
      product,
      t,
    }) => {
      await product.api<Run>('POST', run, { device: 'Pump 7' })
      await app.getByRole('button', { name: t('app.sandbox') }).click()
      const phone = app.getByRole('article').first()
      const number = (await phone.getByRole('heading').textContent())!
      await phone.getByRole('textbox', { name: t('sandbox.answer.label') }).fill('STOP')
      await phone.getByRole('button', { name: t('sandbox.answer.send') }).click()
      await expect(phone.getByText('STOP', { exact: true })).toBeVisible()
      await expectAccessible(app)

      const { body } = await product.api<Run>('POST', run, { device: 'Pump 8' })
      const messages = body.steps.flatMap((step) => step.messages ?? [])
      expect(messages.filter(({ reason }) => reason === 'opted-out')).toHaveLength(1)

      await app.getByRole('treeitem', { name: t('optOuts.title'), exact: true }).click()
      const row = app.getByRole('row').filter({ hasText: number })
      await expect(row).toContainText('STOP')
      await expectAccessible(app)
      await row.getByRole('button', { name: t('optOuts.liftName', { phone: number }) }).click()
      const dialog = app.getByRole('dialog')
      await dialog.getByRole('button', { name: t('ui.save') }).click()
      await expect(dialog.getByText(t('validation.required'))).toBeVisible()
      await dialog.getByRole('textbox').fill('Asked for it')
      await dialog.getByRole('button', { name: t('ui.save') }).click()
      await expect(row).toBeHidden()

      await app.getByRole('button', { name: t('optOuts.add') }).click()
      await dialog.getByRole('textbox', { name: t('optOuts.phone') }).fill('+1 (202) 555-0199')
      await dialog.getByRole('textbox', { name: t('optOuts.reason') }).fill('Asked by letter')
      await dialog.getByRole('button', { name: t('ui.save') }).click()
      await expect(app.getByRole('row').filter({ hasText: '+12025550199' })).toContainText('Asked by letter')
    })

    test('a text that nobody knows about is listed, and settled by what a person found out', async ({
      app,
      product,
      t,
    }) => {
      await product.api('POST', '/api/sandbox/faults', {
        provider: 'twilio',
        fault: 'reset-before',
        count: 1,
      })
      await product.api<Run>('POST', run, { device: 'Pump 7' })
      await app.getByRole('treeitem', { name: t('unknown.title'), exact: true }).click()
      const cards = app.getByRole('article')
      await expect(cards).toHaveCount(1)
      await expectAccessible(app)
      await cards.getByRole('button', { name: t('unknown.as.not-sent.action') }).click()
      const dialog = app.getByRole('dialog')
      await dialog.getByRole('textbox').fill('She has nothing')
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('unknown.as.not-sent.confirm') }).click()
      await expect(app.getByText(t('unknown.empty'))).toBeVisible()
    })

    test('tells beforehand which unknown texts are sent again by themselves', async ({ app, product, t }) => {
      const address = '/api/functions/night-shift-alarm'
      const { body } = await product.api<{ revision: number; graph: FlowGraph }>('GET', address)
      await leaveUnknown()
      const step = body.graph.nodes.find(({ type }) => type === 'sms-notification')!
      Object.assign(step.params, { onUnknown: 'resend' })
      await product.api('PUT', address, { revision: body.revision, graph: body.graph })
      // what is sent again is cut off again, however long the page takes to show it
      await leaveUnknown(20)

      await app.getByRole('treeitem', { name: t('unknown.title'), exact: true }).click()
      const cards = app.getByRole('article')
      await expect.poll(() => cards.count()).toBeGreaterThan(1)
      await expect(cards.first()).toContainText(t('unknown.sendsAgain'))
      await expect(cards.last()).not.toContainText(t('unknown.sendsAgain'))

      async function leaveUnknown(count = 1) {
        const fault = { provider: 'twilio', fault: 'reset-before', count }
        await product.api('POST', '/api/sandbox/faults', fault)
        await product.api<Run>('POST', `${run}?wait=1`, { device: 'Pump 7' })
      }
    })

    test('shows in Runs what became of the texts, and offers what can be done at the unknown message itself', async ({
      app,
      product,
      t,
    }) => {
      await product.api('POST', '/api/sandbox/faults', {
        provider: 'twilio',
        fault: 'reset-before',
        count: 1,
      })
      await product.api<Run>('POST', run, { device: 'Pump 7' })
      await app.getByRole('treeitem', { name: t('runs.title'), exact: true }).click()
      const counts = app.getByTestId('runs-table').locator('tbody tr').first()
      await expect(counts.locator('[data-group="unknown"]')).toHaveText('1')
      await expectAccessible(app)

      await app.getByRole('treeitem', { name: t('messages.title'), exact: true }).click()
      await app.locator('[data-group="unknown"]').click()
      await app.getByTestId('messages-table').locator('tbody tr').getByRole('button').click()
      const detail = app.getByTestId('message-detail')
      await detail.getByRole('button', { name: t('unknown.as.accepted.action') }).click()
      await expectAccessible(app)
      const dialog = app.getByRole('dialog')
      await dialog.getByRole('textbox').fill('She read it out')
      await dialog.getByRole('button', { name: t('unknown.as.accepted.confirm') }).click()
      await expect(detail.getByText(t('messageStates.accepted'), { exact: true })).toBeVisible()
      await expect(detail.getByRole('button', { name: t('unknown.as.accepted.action') })).toHaveCount(0)
    })

    test('what a phone does with its texts is what Messages tells of them', async ({ app, product, t }) => {
      await product.api<Run>('POST', run, { device: 'Pump 7' })
      await app.getByRole('button', { name: t('app.sandbox') }).click()
      const number = (await app.getByRole('article').first().getByRole('heading').textContent())!
      await app.getByRole('button', { name: t('sandbox.receipts.open', { number }) }).click()
      await app.getByRole('combobox', { name: t('sandbox.receipts.delivery') }).click()
      await app.getByRole('option', { name: t('sandbox.receipts.deliveries.undelivered') }).click()
      await expect
        .poll(async () => (await product.api<SandboxInfo>('GET', '/api/sandbox')).body.receipts)
        .toMatchObject([{ phone: number, delivery: 'undelivered' }])
      await app.keyboard.press('Escape')
      await product.api<Run>('POST', run, { device: 'Pump 8' })

      await app.getByRole('treeitem', { name: t('messages.title'), exact: true }).click()
      const rows = app.getByTestId('messages-table').locator('tbody tr')
      const undelivered = rows.filter({ hasText: t('deliveryStates.undelivered') })
      await expect(undelivered).toHaveCount(1)
      await expect(rows.filter({ hasText: t('deliveryStates.delivered') }).first()).toBeVisible()
      await undelivered.getByRole('button').click()
      const detail = app.getByTestId('message-detail')
      const reported = t('messages.events.receipts.report', { status: t('deliveryStates.undelivered') })
      await expect(detail.getByText(reported)).toBeVisible()
      await expectAccessible(app)
    })

    test('sends again from the run what failed, and after a question what nobody knows', async ({
      app,
      product,
      t,
    }) => {
      const one = language === 'en' ? 'one' : 'other' // Chinese has no form for one
      const services = await product.api<SmsService[]>('GET', '/api/sms-services')
      const { id, revision, name, settings, policy } = services.body.find(
        ({ provider }) => provider === 'twilio',
      )!
      const impatient = { revision, name, settings, policy: { ...policy, maxAttempts: 1 } }
      const saved = await product.api('PUT', `/api/sms-services/${id}`, impatient)
      expect(saved.status).toBe(200)
      await app.getByRole('treeitem', { name: 'Night shift alarm' }).click()
      await app.getByRole('button', { name: t('function.toolbar.run'), exact: true }).click()
      const panel = app.getByTestId('run-panel')
      await panel.getByRole('textbox', { name: 'Device' }).fill('Pump 7')
      await product.api('POST', '/api/sandbox/faults', { provider: 'twilio', fault: 'throttle', count: 2 })
      await panel.getByRole('button', { name: t('function.run.start'), exact: true }).click()

      await panel
        .getByRole('button', { name: t('function.messages.retry.button.other', { count: 2 }) })
        .click()
      await product.api('POST', '/api/sandbox/faults', {
        provider: 'twilio',
        fault: 'reset-before',
        count: 1,
      })
      const dialog = app.getByRole('dialog')
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('function.messages.retry.action') }).click()
      await panel
        .getByRole('button', { name: t(`function.messages.resend.button.${one}`, { count: 1 }) })
        .click()
      await dialog.getByRole('button', { name: t('function.messages.resend.action') }).click()
      await expect(panel.getByText(t('messageStates.rejected'), { exact: true })).toHaveCount(0)
      await expect(panel.getByText(t('messageStates.unknown'), { exact: true })).toHaveCount(0)
      await expectAccessible(app)
    })

    test('a step keeps when it is urgent, when it counts as sent, and what follows an unknown text', async ({
      app,
      product,
      t,
    }) => {
      const labels = 'nodes.sms-notification.params'
      await app.getByRole('treeitem', { name: 'Night shift alarm' }).click()
      await app.getByTestId('node-card').filter({ hasText: 'Alarm the night shift' }).dblclick()
      const dialog = app.getByRole('dialog')
      await dialog.getByRole('combobox', { name: t(`${labels}.onUnknown.label`) }).click()
      await app.getByRole('option', { name: t(`${labels}.onUnknown.options.uncertain.label`) }).click()
      await dialog.getByRole('switch', { name: t(`${labels}.urgent.label`) }).click()
      await dialog.getByRole('combobox', { name: t('function.success.title') }).click()
      await app.getByRole('option', { name: t('function.success.at-least.label') }).click()
      await dialog.getByRole('textbox', { name: t('function.success.count') }).fill('2')
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('ui.ok'), exact: true }).click()
      await app.keyboard.press('Control+s')
      await expect(app.getByTestId('save-state')).toHaveText(t('function.state.saved'))
      const { body } = await product.api<{ graph: FlowGraph }>('GET', '/api/functions/night-shift-alarm')
      const params = body.graph.nodes.find(({ type }) => type === 'sms-notification')!.params
      expect(params).toMatchObject({
        onUnknown: 'uncertain',
        urgent: true,
        success: { kind: 'at-least', count: 2 },
      })
    })

    test('says where providers bring receipts', async ({ app, product, t }) => {
      await app.getByRole('button', { name: t('app.settings') }).click()
      const settings = app.getByRole('region', { name: t('settings.receipts') })
      await settings.getByRole('textbox').fill('sms.example.com')
      await settings.getByRole('button', { name: t('ui.save') }).click()
      await expect(settings.getByText(t('validation.publicUrl'))).toBeVisible()
      await settings.getByRole('textbox').fill('https://sms.example.com')
      await settings.getByRole('button', { name: t('ui.save') }).click()
      await expect(app.getByText(t('settings.publicUrlSaved'), { exact: true })).toBeVisible()
      await expectAccessible(app)
      const settingsOf = { accessKey: 'LTAISomething', accessSecret: 'secret', verifySign: 'Example' }
      const service = { name: 'Live', provider: 'alibaba', settings: settingsOf }
      const { body } = await product.api<{ id: string }>('POST', '/api/sms-services', service)
      await app.goto(`${product.url}/#/sms-service/${body.id}`)
      await expect(
        app.getByText(/https:\/\/sms\.example\.com\/callbacks\/alibaba\/[\w-]{32}\/report/),
      ).toBeVisible()
      await expectAccessible(app)
    })
  })
}
