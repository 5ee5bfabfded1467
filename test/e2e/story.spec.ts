import type { Locator, Page } from '@playwright/test'
import { expect, expectAccessible, languages, test, textsOf } from './fixtures.ts'
import type { Texts } from './fixtures.ts'

/** What a newcomer does: make a service, draw the function, fill Set Parameters, run it, see the text arrive. */
const providers = ['twilio', 'aws-sns', 'alibaba'] as const
type Provider = (typeof providers)[number]

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    for (const provider of providers) {
      test(`draws, runs and sees a text through ${provider}`, async ({ app, product, t }) => {
        test.slow()
        await createSandboxService(app, t, provider)
        await drawFunction(app, t)
        await fillParameters(app, t, provider)
        await saveAndReload(app, t)
        await runAndWatch(app, t)
        await seeTheTexts(app, t)

        const { body } = await product.api<{ steps: { messages?: { state: string }[] }[] }>(
          'POST',
          '/api/functions/my-first-function/runs',
          {},
        )
        const states = body.steps.flatMap((step) => step.messages ?? []).map(({ state }) => state)
        expect(states.filter((state) => state === 'accepted')).toHaveLength(4)
      })
    }
  })
}

async function createSandboxService(page: Page, t: Texts, provider: Provider) {
  await page.getByRole('button', { name: t('tree.create') }).click()
  await page.getByRole('menuitem', { name: t('tree.more') }).press('ArrowRight')
  await page.getByRole('menuitem', { name: t('tree.service') }).press('ArrowRight')
  await page.getByRole('menuitem', { name: t(`service.providers.${provider}`) }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: t('ui.ok'), exact: true }).click()
  await expect(dialog.getByText(t('validation.required')).first()).toBeVisible()
  await dialog.getByLabel(t('service.name')).fill('My service')
  await dialog.getByRole('switch', { name: t('service.sandbox') }).click()
  await expectAccessible(page)
  await dialog.getByRole('button', { name: t('ui.ok'), exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('heading', { name: 'My service' })).toBeVisible()
  await page.getByRole('button', { name: t('service.checkAction') }).click()
  await expect(page.getByText(t('service.checkGood', { account: '' }).trim(), { exact: false })).toBeVisible()
  await expectAccessible(page)
}

async function drawFunction(page: Page, t: Texts) {
  await page.getByRole('treeitem', { name: 'My first function' }).click()
  const canvas = page.getByTestId('flow-canvas')
  await expect(node(page, t, 'start')).toBeVisible()
  await page
    .getByRole('treeitem', { name: t('nodes.sms-notification.title') })
    .dragTo(canvas, { targetPosition: { x: 480, y: 300 } })
  await page.locator('[data-id="node:return"]').dragTo(canvas, { targetPosition: { x: 780, y: 300 } })
  await connect(node(page, t, 'start'), 'next', node(page, t, 'sms-notification'))
  await connect(node(page, t, 'sms-notification'), 'sent', node(page, t, 'return'))
  await expectAccessible(page)
}

async function fillParameters(page: Page, t: Texts, provider: Provider) {
  // A function that is not ready does not run: the problem leads to the node.
  await page.getByRole('button', { name: t('function.toolbar.run'), exact: true }).click()
  await expect(page.getByText(t('function.problems.blockRun'))).toBeVisible()

  await node(page, t, 'sms-notification').dblclick()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: 'Night shift', exact: true }).check()
  await dialog.getByRole('tab', { name: t('function.recipients.members') }).click()
  await dialog.getByRole('checkbox', { name: /Lena Fischer/ }).check()
  await dialog.getByRole('combobox', { name: t('nodes.sms-notification.params.service.label') }).click()
  await page.getByRole('option', { name: /My service/ }).click()
  if (provider === 'alibaba') {
    await dialog
      .getByRole('textbox', { name: t('nodes.sms-notification.params.templateCode.label'), exact: true })
      .fill('SMS_100001')
    await dialog.getByRole('button', { name: t('function.template.load') }).click()
  } else {
    await dialog
      .getByRole('textbox', { name: t('nodes.sms-notification.params.templateText.label'), exact: true })
      .fill('${device} needs help: ${text}')
  }
  await fillVariable(dialog, 'device', 'Pump 7')
  await fillVariable(dialog, 'text', 'valve open')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: t('ui.ok'), exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(node(page, t, 'sms-notification')).toContainText('My service')
}

async function fillVariable(dialog: Locator, name: string, value: string) {
  await dialog.getByRole('textbox', { name, exact: true }).fill(value)
}

async function saveAndReload(page: Page, t: Texts) {
  await page.keyboard.press('Control+s')
  await expect(page.getByTestId('save-state')).toHaveText(t('function.state.saved'))
  await page.reload()
  await expect(node(page, t, 'sms-notification')).toContainText('My service')
}

async function runAndWatch(page: Page, t: Texts) {
  await page.getByRole('button', { name: t('function.toolbar.run'), exact: true }).click()
  await page.getByRole('button', { name: t('function.run.start'), exact: true }).click()
  const panel = page.getByRole('complementary', { name: t('function.run.title') })
  await expect(panel.getByText(t('function.run.status.done'), { exact: true }).first()).toBeVisible()
  await expect(panel.getByText('Amara Okafor')).toBeVisible()
  await expect(panel.getByText('+12****0101')).toBeVisible()
  await expect(panel.getByText(t('skipped.no-phone'))).toBeVisible()
  await expectAccessible(page)
}

async function seeTheTexts(page: Page, t: Texts) {
  await page.getByRole('button', { name: t('app.sandbox'), exact: true }).click()
  await expect(page.getByText('Pump 7 needs help: valve open')).toHaveCount(4)
  await expectAccessible(page)
}

/** The newest card of a type on the canvas. */
function node(page: Page, t: Texts, type: string): Locator {
  return page
    .getByTestId('node-card')
    .filter({ hasText: t(`nodes.${type}.title`) })
    .last()
}

async function connect(from: Locator, port: string, to: Locator) {
  await from.locator(`[data-port="${port}"]`).dragTo(to.locator('[data-port="in"]'))
}

test('speaks both languages and switches at once', async ({ app }) => {
  const functionsOf = (language: 'en' | 'zh-CN') => {
    const t = textsOf(language)
    return app
      .getByRole('tree', { name: t('tree.label') })
      .getByRole('treeitem', { name: t('tree.functions'), exact: true })
  }
  await expect(functionsOf('en')).toBeVisible()
  await app.getByRole('button', { name: '中文' }).click()
  await expect(functionsOf('zh-CN')).toBeVisible()
})
