import type { Graph as FlowGraph } from '../../nodes/graph/schema.ts'
import { sandboxServices } from '../../runtime/sandbox/accounts.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'

for (const language of languages) {
  test.describe(language, () => {
    test.use({ language })

    test('a service in test mode says so, holds its policy, and goes live by a button', async ({
      app,
      product,
      t,
    }) => {
      const { body: service } = await product.api<{ id: string }>('POST', '/api/sms-services', {
        name: 'Real one',
        provider: 'twilio',
        settings: {
          accountSid: `AC${'0'.repeat(32)}`,
          authToken: 'a-real-looking-token',
          fromNumber: '+12025550123',
        },
        policy: { testNumbers: ['+12025550101', '+12025550102'] },
      })
      await expect(app.getByRole('treeitem').first()).toBeVisible()
      await app.reload()
      await app.evaluate((id) => (location.hash = `/sms-service/${id}`), service.id)
      await expect(app.getByText(t('service.testMode.title.other', { count: 2 }))).toBeVisible()

      await app.getByRole('button', { name: t('service.policy.title') }).click()
      await app.getByLabel(t('services.policy.dailyMessages.label')).fill('none')
      await app.getByLabel(t('services.policy.dailyMessages.label')).blur()
      await expect(app.getByText(t('validation.number'))).toBeVisible()
      await app.getByLabel(t('services.policy.dailyMessages.label')).fill('500')
      await app.getByLabel(t('services.policy.quietFrom.label'), { exact: true }).fill('21:00')
      await app.getByLabel(t('services.policy.quietUntil.label'), { exact: true }).fill('08:00')
      await expectAccessible(app)
      if (process.env['SCREENSHOTS']) {
        await app.screenshot({ path: `${process.env['SCREENSHOTS']}/policy-${language}.png`, fullPage: true })
      }
      const countries = app.getByLabel(t('services.policy.countries.label'))
      // pasted into the closed list, which that opens
      await countries.fill('+44')
      const code = app.getByRole('option', { name: /^\+44/ })
      await expect(code).toContainText('GB')
      await expect(app.getByRole('option', { name: /^\+49/ })).toHaveCount(0)
      if (process.env['SCREENSHOTS']) {
        await app.screenshot({ path: `${process.env['SCREENSHOTS']}/countries-${language}.png` })
      }
      await code.click()
      await app.keyboard.press('Escape')
      await app.getByRole('button', { name: t('ui.save'), exact: true }).click()
      await expect(app.getByText(t('service.saved'), { exact: true })).toBeVisible()

      await app.getByRole('button', { name: t('service.testMode.goLive') }).click()
      await app
        .getByRole('dialog')
        .getByRole('button', { name: t('service.testMode.goLive') })
        .click()
      await expect(app.getByText(t('service.testMode.isLive'), { exact: true })).toBeVisible()
      const saved = await product.api<{ policy: object }>('GET', `/api/sms-services/${service.id}`)
      expect(saved.body.policy).toMatchObject({
        testMode: false,
        countries: ['+44'],
        dailyMessages: 500,
        quietFrom: '21:00',
        quietUntil: '08:00',
      })
    })

    test('a step has a template code for each account of a chain, and says which is missing', async ({
      app,
      product,
      t,
    }) => {
      const labels = 'nodes.sms-notification.params'
      const make = (name: string, fallback?: string) =>
        product.api<{ id: string }>('POST', '/api/sms-services', {
          name,
          provider: 'alibaba',
          settings: sandboxServices.alibaba,
          policy: { testMode: false, fallback },
        })
      const second = await make('Second account')
      await make('First account', second.body.id)
      await expect(app.getByRole('treeitem').first()).toBeVisible()
      await app.reload()
      await app.getByRole('treeitem', { name: 'Night shift alarm' }).click()
      const card = app.getByTestId('node-card').filter({ hasText: 'Alarm the night shift' })
      const dialog = app.getByRole('dialog')
      const ok = async () => {
        await dialog.getByRole('button', { name: t('ui.ok'), exact: true }).click()
        await expect(dialog).toBeHidden()
      }
      await card.dblclick()
      await dialog.getByRole('combobox', { name: t(`${labels}.service.label`) }).click()
      await app.getByRole('option', { name: /First account/ }).click()
      await dialog
        .getByRole('textbox', { name: t(`${labels}.templateCode.label`), exact: true })
        .fill('SMS_100001')
      const name = 'Second account'
      await expect(dialog.getByText(t('function.template.takesOver', { name }))).toBeVisible()
      await expectAccessible(app)
      await ok()
      await app.getByTestId('problems-button').click()
      const problem = app.getByTestId('problems').getByText(t('problems.failOverCodeMissing', { name }))
      await problem.click()

      const code = dialog.getByRole('textbox', { name: t('function.template.codeFor', { name }) })
      await expect(code).toBeFocused()
      await code.fill('SMS_100005')
      await code.press('Enter')
      await expect(dialog.getByTestId('provider-template')).toContainText('The office is closed today.')
      if (process.env['SCREENSHOTS']) {
        await app.screenshot({ path: `${process.env['SCREENSHOTS']}/fail-over-codes-${language}.png` })
      }
      await ok()
      await expect(problem).toBeHidden()
      await app.keyboard.press('Control+s')
      await expect(app.getByTestId('save-state')).toHaveText(t('function.state.saved'))
      const { body } = await product.api<{ graph: FlowGraph }>('GET', '/api/functions/night-shift-alarm')
      const params = body.graph.nodes.find(({ type }) => type === 'sms-notification')!.params
      expect(params).toMatchObject({
        templateCode: 'SMS_100001',
        failOverCodes: { [second.body.id]: 'SMS_100005' },
      })
    })
  })
}
