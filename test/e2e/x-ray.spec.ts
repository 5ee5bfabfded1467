import type { Page } from '@playwright/test'
import { expect, expectAccessible, languages, test } from './fixtures.ts'
import type { Product } from '../support/product.ts'

/** Who gets the example's alarm is known before it leaves, and trying the function out texts nobody. */
for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('shows in the dialog who gets which text, and who is skipped and why', async ({ app, t }) => {
      await openExample(app)
      await app.getByTestId('node-card').filter({ hasText: 'Alarm the night shift' }).dblclick()
      const xRay = app.getByTestId('x-ray')
      await expect(row(app, 'Dalia Haddad')).toContainText(t('skipped.no-phone'))
      await expect(row(app, 'Emil Novak')).toContainText(t('skipped.resigned'))
      await expect(row(app, 'Amara Okafor')).toContainText('+12****0101')
      await expect(xRay.getByTestId('x-ray-bubble')).toContainText('‹device› needs help')
      await expectAccessible(app)

      await xRay.getByRole('textbox', { name: 'Device' }).fill('Lift ✓')
      await expect(xRay.locator('mark')).toHaveText('✓')
      await expect(xRay.getByTestId('x-ray-bubble')).toContainText('Lift ✓ needs help')
      await xRay.getByRole('searchbox').fill('amara')
      await expect(xRay.getByRole('listitem')).toHaveCount(1)
      const person = row(app, 'Amara Okafor').getByRole('button')
      await person.press('Enter')
      await expect(person).toHaveAttribute('aria-expanded', 'true')
      await expect(row(app, 'Amara Okafor').getByTestId('x-ray-bubble')).toContainText('Lift ✓')
      await expectAccessible(app)
    })

    test('sends a test to one number, and to nobody else', async ({ app, product, t }) => {
      await openExample(app)
      await app.getByTestId('node-card').filter({ hasText: 'Alarm the night shift' }).dblclick()
      const form = app.getByTestId('x-ray-test')
      await form.getByRole('textbox').fill('07700')
      await form.getByRole('button').press('Enter')
      await expect(form.getByText(t('validation.phone'))).toBeVisible()
      await form.getByRole('textbox').fill('+44 7700 900 999')
      await form.getByRole('button').click()
      await expect(form.getByRole('status')).toContainText('Device')
      expect(await textsOnPhones(product)).toEqual([])

      await app.getByTestId('x-ray').getByRole('textbox', { name: 'Device' }).fill('Pump 7')
      await form.getByRole('button').click()
      await expect(form.getByRole('status')).toContainText(t('messageStates.accepted'))
      await expect(form).toContainText('+44****0999')
      await expect(form.getByRole('textbox')).toHaveCount(0)
      await expectAccessible(app)
      expect(await textsOnPhones(product)).toMatchObject([
        { to: '+447700900999', text: 'Pump 7 needs help (severity 5). Please go there now.' },
      ])
      await app
        .getByRole('dialog')
        .getByRole('button', { name: t('ui.cancel') })
        .click()
      await app.getByRole('button', { name: t('function.toolbar.run'), exact: true }).click()
      await expect(app.getByTestId('run-panel').getByText(t('function.run.trigger.test'))).toBeVisible()
    })

    test('walks the function as a dry run, which sends nothing', async ({ app, product, t }) => {
      await openExample(app)
      await app.getByRole('button', { name: t('function.toolbar.run'), exact: true }).click()
      const form = app.getByTestId('run-form')
      await form.getByRole('textbox', { name: 'Device' }).fill('Pump 7')
      await expect(app.getByTestId('x-ray-run-line')).toContainText('4')
      await form.getByRole('button', { name: t('xRay.dry.start'), exact: true }).click()
      const panel = app.getByRole('complementary', { name: t('function.run.title') })
      await expect(panel.getByTestId('dry-run-banner')).toContainText(t('xRay.dry.banner'))
      await expect(panel.getByTestId('x-ray-bubble').first()).toContainText('Pump 7 needs help')
      await expect(panel.getByTestId('run-messages')).toHaveCount(0)
      await expectAccessible(app)
      await panel.getByRole('button', { name: t('function.run.back') }).click()
      await expect(panel.getByRole('listitem').getByText(t('xRay.dry.badge'))).toBeVisible()
      await expectAccessible(app)
      expect(await textsOnPhones(product)).toEqual([])
    })
  })
}

async function openExample(page: Page) {
  await page.getByRole('treeitem', { name: 'Night shift alarm' }).click()
  await expect(page.getByTestId('function-page')).toBeVisible()
}

const row = (page: Page, name: string) =>
  page.getByTestId('x-ray').getByRole('listitem').filter({ hasText: name })

async function textsOnPhones(product: Product) {
  return (await product.api<{ text: string; to: string }[]>('GET', '/api/sandbox/messages')).body
}
