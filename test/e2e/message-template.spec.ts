import type { Page } from '@playwright/test'
import type { SmsService } from '../../nodes/api/elements.ts'
import type { MessageTemplate } from '../../nodes/message-templates/schema.ts'
import { sandboxServices, sandboxTwilioAccount } from '../../runtime/sandbox/accounts.ts'
import type { Product } from '../support/product.ts'
import { expect, expectAccessible, languages, test } from './fixtures.ts'

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('writes a message template and binds it to one that Alibaba keeps', async ({ app, product, t }) => {
      const create = app.getByRole('button', { name: t('tree.create') })
      await expect(create).toBeVisible()
      await addService(product, 'alibaba')
      await addService(product, 'twilio')
      await app.reload()
      await create.click()
      await app.getByRole('menuitem', { name: t('tree.template'), exact: true }).click()
      await app.getByLabel(t('tree.templateName')).fill('Device alarm')
      await app.getByRole('button', { name: t('tree.createAction') }).click()
      await expect(app.getByRole('heading', { name: 'Device alarm' })).toBeVisible()

      await app
        .getByRole('textbox', { name: t('template.texts.text'), exact: true })
        .fill('It’s ${device} that needs help')
      await app.getByRole('button', { name: t('template.texts.declare', { names: 'device' }) }).click()
      await app.getByLabel(t('template.placeholders.sample'), { exact: true }).fill('Pump 7')
      const preview = app.getByTestId('template-preview')
      await expect(preview.getByText('Pump 7')).toBeVisible()
      await expect(preview.locator('mark')).toHaveText('’')
      await preview
        .getByRole('button', { name: t('template.preview.replaceBy', { substitute: "'" }) })
        .click()
      await expect(preview.getByText(t('template.preview.gsm-7'))).toBeVisible()
      await expectAccessible(app)

      await bindToAlibaba(app, t)
      await bindToTwilio(app, t)
      await expectAccessible(app)
      await app.getByRole('button', { name: t('ui.save') }).click()
      await expect(app.getByText(t('template.saved'), { exact: true })).toBeVisible()

      const { body } = await product.api<MessageTemplate[]>('GET', '/api/message-templates')
      expect(body.find(({ name }) => name === 'Device alarm')).toMatchObject({
        revision: 2,
        placeholders: [{ name: 'device', sample: 'Pump 7' }],
        texts: { [language]: "It's ${device} that needs help" },
      })
    })

    test('sends a message template from an SMS step', async ({ app, t }) => {
      await app.getByRole('treeitem', { name: 'Night shift alarm' }).click()
      await app.getByTestId('flow-canvas').getByText('Alarm the night shift').dblclick()
      const dialog = app.getByTestId('params-dialog')
      const ownText = dialog.locator('[data-field="templateText"]')
      await expect(ownText).toBeVisible()
      await dialog.getByRole('combobox', { name: t('nodes.sms-notification.params.template.label') }).click()
      await app.getByRole('option', { name: 'Shift alarm' }).click()
      await expect(dialog.getByTestId('message-template')).toContainText('${device} needs help')
      await expect(ownText).toBeHidden()
      const rows = dialog.locator('[data-field="variables"]')
      await expect(rows).toContainText(t('function.variables.sample', { sample: 'Pump 7' }))
      await expect(rows).toContainText(t('template.placeholders.types.number'))
      await expectAccessible(app)
      await app.getByRole('button', { name: t('ui.ok'), exact: true }).click()
      await expect(dialog).toBeHidden()
      await expect(app.getByTestId('flow-canvas').getByText('Shift alarm')).toBeVisible()
    })
  })
}

/** The placeholders are read from Alibaba; the one that has no counterpart is a problem until it gets one. */
async function bindToAlibaba(app: Page, t: (key: string, params?: Record<string, string>) => string) {
  const binding = app.getByTestId('binding-alibaba')
  const problems = app.getByTestId('template-problems')
  await binding.getByRole('combobox').click()
  await app.getByRole('option', { name: t('template.bindings.ways.alibaba-template') }).click()
  await binding.getByLabel(t('template.bindings.templateCode')).fill('SMS_100001')
  await binding.getByRole('button', { name: t('template.bindings.load') }).click()
  await expect(binding.getByTestId('template-preview')).toContainText('Pump 7 needs help')
  await expect(problems).toContainText(t('problems.template.notMapped', { name: 'text' }))
  await binding.getByRole('combobox', { name: t('template.bindings.ours', { name: 'text' }) }).click()
  await app.getByRole('option', { name: 'device' }).click()
  await expect(problems.getByText(t('template.noProblems'))).toBeVisible()
}

/** The same at Twilio, whose variables are numbered. */
async function bindToTwilio(app: Page, t: (key: string, params?: Record<string, string>) => string) {
  const [content] = sandboxTwilioAccount.contents
  const binding = app.getByTestId('binding-twilio').filter({ hasText: 'My twilio' })
  const problems = app.getByTestId('template-problems')
  await binding.getByRole('combobox').click()
  await app.getByRole('option', { name: t('template.bindings.ways.twilio-content') }).click()
  await binding.getByLabel(t('template.bindings.contentSid')).fill(content.sid)
  await binding.getByRole('button', { name: t('template.bindings.load') }).click()
  await expect(binding.getByTestId('template-preview')).toContainText('{{1}} needs help: {{2}}')
  await expect(problems).toContainText(t('problems.template.notMapped', { name: '1' }))
  for (const name of ['1', '2']) {
    await binding.getByRole('combobox', { name: t('template.bindings.ours', { name }) }).click()
    await app.getByRole('option', { name: 'device' }).click()
  }
  await expect(binding.getByTestId('template-preview')).toContainText('Pump 7 needs help: Pump 7')
  await expect(problems.getByText(t('template.noProblems'))).toBeVisible()
}

async function addService(product: Product, provider: keyof typeof sandboxServices): Promise<string> {
  const { body } = await product.api<SmsService>('POST', '/api/sms-services', {
    name: `My ${provider}`,
    provider,
    settings: sandboxServices[provider],
  })
  return body.id
}
