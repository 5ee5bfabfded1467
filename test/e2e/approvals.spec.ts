import type { Browser, Page } from '@playwright/test'
import type { FunctionElement } from '../../nodes/api/elements.ts'
import type { MemberView } from '../../nodes/api/directory.ts'
import type { Product } from '../support/product.ts'
import { expect, expectAccessible, languages, test, textsOf, type Language, type Texts } from './fixtures.ts'
import { askForCode, codeOn, makeMethod, phoneSize, sizes, textOn, visit } from './sign-in-by-code.ts'

const initiator = { name: 'Amara Okafor', country: 'US', number: '202 555 0101', phone: '+12025550101' }
const approver = { name: 'Fatima Zahra', country: 'US', number: '202 555 0106', phone: '+12025550106' }
const told = { name: 'Hana Sato', country: 'US', number: '202 555 0108', phone: '+12025550108' }

const words = '${userNick}: ${processTitle} ${link}'
const title = 'Leave request'

async function memberId(product: Product, name: string): Promise<string> {
  const { body } = await product.api<{ members: MemberView[] }>(
    'GET',
    `/api/members?search=${encodeURIComponent(name)}`,
  )
  return body.members[0]!.id
}

/** A published process: the approver decides, then somebody is told; the result is texted. */
async function makeProcess(product: Product, changes: { smsDecides?: boolean; approval?: object } = {}) {
  const services = await product.api<{ id: string }[]>('GET', '/api/sms-services')
  const text = { sms: true, service: services.body[0]!.id, templateText: words, variables: {} }
  const member = async (name: string) => ({ kind: 'member', id: await memberId(product, name) })
  const approval = {
    recipients: [await member(approver.name)],
    ...text,
    smsDecides: changes.smsDecides ?? true,
    ...changes.approval,
  }
  const cc = { recipients: [await member(told.name)], variables: {} }
  const node = (id: string, type: string, x: number, params: object = {}) => ({
    ...{ id, type, title: type === 'approval' ? 'Head of shift' : undefined },
    ...{ typeVersion: 1, position: { x, y: 120 }, params },
  })
  const wire = (id: string, from: string, port: string, to: string) => ({
    ...{ id, from: { node: from, port }, to: { node: to, port: 'in' } },
  })
  const graph = {
    ...{
      format: 1,
      id: 'leave',
      name: 'leave',
      title,
      description: 'Days off, decided by the head of shift',
    },
    inputs: [
      { name: 'initiator', title: 'Initiator', type: 'member', required: true },
      { name: 'reason', title: 'Reason', type: 'text', required: true },
      { name: 'days', title: 'Days', type: 'number', required: true },
    ],
    nodes: [
      node('start', 'start', 80),
      node('approval1', 'approval', 320, approval),
      node('cc1', 'cc', 640, cc),
      node('return1', 'return', 900),
    ],
    connections: [
      wire('c1', 'start', 'next', 'approval1'),
      wire('c2', 'approval1', 'approved', 'cc1'),
      wire('c3', 'cc1', 'next', 'return1'),
    ],
    process: {
      title: { kind: 'formula', source: '"Leave of " & initiator.name' },
      ...{ ...text, templateText: '${userNick}: ${processTitle} ${result}' },
    },
  }
  const made = await product.api<FunctionElement>('POST', '/api/functions', { title, name: 'leave', graph })
  expect(made.status).toBe(201)
  const published = await product.api('POST', '/api/functions/leave/versions', { revision: 1 })
  expect(published.status).toBeLessThan(300)
}

/** Signs a member in by the code on the sandbox phone. */
async function signIn(
  { browser, product, t, language }: { browser: Browser; product: Product; t: Texts; language: Language },
  who: typeof initiator,
  viewport = phoneSize,
  place = '',
): Promise<Page> {
  const page = await visit(browser, product, language, viewport, place)
  await askForCode(page, t, who.country, who.number)
  await page.getByLabel(t('login.signIn.code')).fill(await codeOn(product, who.phone))
  await expect(page.getByText(who.name).first()).toBeVisible()
  return page
}

async function expectToFit(page: Page) {
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  await expectAccessible(page)
}

async function initiate(page: Page, t: Texts, reason: string) {
  await page.getByRole('link', { name: t('approvals.worklist.title') }).click()
  await page.getByRole('button', { name: t('approvals.worklist.initiate') }).click()
  await page.getByTestId('processes').getByRole('link', { name: title }).click()
  const form = page.getByTestId('initiate-form')
  await form.getByRole('textbox', { name: 'Reason' }).fill(reason)
  await form.getByRole('textbox', { name: 'Days' }).fill('3')
  await form.getByRole('button', { name: t('approvals.initiate.handIn') }).click()
  await expect(page.getByTestId('request-state')).toHaveText(t('approvals.badges.running'))
}

/** The address in a text. */
async function linkOn(product: Product, phone: string, page: RegExp): Promise<string> {
  const text = await textOn(product, phone, page)
  return new URL(/https?:\S+/.exec(text)![0]).hash
}

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('an administrator makes an approval process and publishes it', async ({ app, product, t }) => {
      await app.getByRole('button', { name: t('tree.create') }).click()
      await app.getByRole('menuitem', { name: t('approvals.process') }).click()
      await app.getByRole('dialog').getByRole('textbox').fill(title)
      await app
        .getByRole('dialog')
        .getByRole('button', { name: t('tree.createAction') })
        .click()
      await expect(app.getByRole('treeitem', { name: title })).toBeVisible()
      await expect(app.getByRole('treeitem', { name: t('nodes.cc.title') })).toBeVisible()

      await app.locator('[data-node-id="approval1"]').dblclick()
      const dialog = app.getByRole('dialog')
      await expect(dialog.getByText(t('nodes.approval.params.lateMinutes.label'))).toBeHidden()
      await expect(dialog.getByText(t('nodes.approval.params.service.label'))).toBeHidden()
      await dialog.getByRole('button', { name: t('approvals.addInitiator') }).click()
      await app.getByRole('menuitem', { name: t('approvals.supervisor', { level: 1 }) }).click()
      await dialog.getByRole('combobox', { name: t('nodes.approval.params.late.label') }).click()
      await app.getByRole('option', { name: t('nodes.approval.params.late.options.remind.label') }).click()
      const late = dialog.getByRole('spinbutton', { name: t('nodes.approval.params.lateMinutes.label') })
      await expect(late).toHaveValue('1')
      await late.fill('2')
      await dialog.getByRole('switch', { name: t('nodes.approval.params.sms.label') }).click()
      await dialog
        .getByRole('combobox', { name: t('nodes.approval.params.service.label') })
        .first()
        .click()
      await app.getByRole('option', { name: 'Sandbox (Twilio)' }).click()
      const text = dialog.getByRole('textbox', { name: t('nodes.approval.params.templateText.label') })
      await text.fill('Hi ${userNick}')
      await dialog.getByRole('button', { name: t('ui.ok') }).click()
      await expect(
        dialog.getByText(t('problems.approvalPlaceholderMissing', { name: 'processTitle' })),
      ).toBeVisible()
      await text.fill(words)
      await expect(
        dialog.getByText(t('approvals.given.itself', { what: t('approvals.given.link') })),
      ).toBeVisible()
      await expectAccessible(app)
      await dialog.getByRole('button', { name: t('ui.ok') }).click()
      await expect(dialog).toBeHidden()
      await expect(app.locator('[data-node-id="approval1"]')).toContainText(
        t('approvals.supervisor', { level: 1 }),
      )

      await app.getByRole('button', { name: t('function.toolbar.more'), exact: true }).click()
      await app.getByRole('menuitem', { name: t('function.toolbar.settings') }).click()
      const settings = app.getByTestId('process-settings')
      await expect(settings).toBeVisible()
      await settings.getByRole('combobox', { name: t('nodes.process.params.revoke.label') }).click()
      await app.getByRole('option', { name: t('nodes.process.params.revoke.options.any-time.label') }).click()
      await expectAccessible(app)
      await app
        .getByRole('dialog')
        .getByRole('button', { name: t('ui.ok') })
        .click()
      await expect(app.getByRole('dialog')).toBeHidden()

      await app.getByRole('button', { name: t('versions.publish.action') }).click()
      await app
        .getByRole('dialog')
        .getByRole('button', { name: t('versions.publish.action') })
        .click()
      await expect(app.getByText(t('versions.publish.done', { number: 1 }), { exact: true })).toBeVisible()
      const { body } = await product.api<FunctionElement>('GET', '/api/functions/leave-request')
      expect(body.isProcess).toBe(true)
      expect(body.graph.process).toMatchObject({ revoke: 'any-time', urgeMinutes: 60, sms: false })
      expect(body.graph.nodes.find(({ id }) => id === 'approval1')?.params).toMatchObject({
        recipients: [{ kind: 'value', value: { kind: 'formula', source: 'SUPERVISORS(initiator, 1)' } }],
        late: 'remind',
        lateMinutes: 2 * 24 * 60,
        sms: true,
        templateText: words,
        variables: {},
      })
    })

    for (const [size, viewport] of Object.entries(sizes)) {
      test(`a request goes from its form through the link of a text to its end at ${size}`, async ({
        browser,
        product,
        t,
      }) => {
        test.slow()
        const on = { browser, product, t, language }
        await makeMethod(product)
        await makeProcess(product)

        const asking = await signIn(on, initiator, viewport)
        await initiate(asking, t, 'A cousin marries')
        await expect(asking.getByTestId('request-steps')).toContainText(approver.name)
        await expectToFit(asking)

        const link = await linkOn(product, approver.phone, /#\/decide\//)
        const deciding = await visit(browser, product, language, viewport, `/${link}`)
        await expect(deciding.getByRole('heading', { name: `Leave of ${initiator.name}` })).toBeVisible()
        await expect(deciding.getByTestId('decide-link')).toContainText('A cousin marries')
        await expectToFit(deciding)
        await deciding.getByRole('textbox').fill('Enjoy it')
        await deciding.getByRole('button', { name: t('approvals.actions.approve') }).click()
        await expect(deciding.getByText(t('approvals.link.thanks'), { exact: true })).toBeVisible()
        await expectToFit(deciding)
        await deciding.reload()
        await expect(
          deciding.getByText(t('approvals.link.gone')).or(deciding.getByText(t('approvals.link.decided'))),
        ).toBeVisible()

        await asking.reload()
        await expect(asking.getByTestId('request-state')).toHaveText(t('approvals.badges.approved'))
        await expect(asking.getByTestId('request-history')).toContainText('Enjoy it')
        await asking.getByRole('link', { name: t('inbox.title') }).click()
        await expect(asking.getByTestId('inbox-list')).toContainText(`Leave of ${initiator.name}`)
        await textOn(product, initiator.phone, /Leave of Amara Okafor/)

        const knowing = await signIn(on, told, viewport)
        await knowing.getByRole('link', { name: t('approvals.worklist.title') }).click()
        await knowing.getByRole('link', { name: t('approvals.worklist.boxes.copied') }).click()
        await expect(knowing.getByTestId('to-do')).toContainText(`Leave of ${initiator.name}`)
        await expect(knowing.getByRole('img', { name: t('approvals.worklist.isNew') })).toBeVisible()
        await expectToFit(knowing)
        await knowing.getByRole('link', { name: `Leave of ${initiator.name}` }).click()
        await expect(knowing.getByTestId('request-form')).toContainText('A cousin marries')
      })
    }

    test('a link that does not decide leads through the sign-in to the request', async ({
      browser,
      product,
      t,
    }) => {
      const on = { browser, product, t, language }
      await makeMethod(product)
      await makeProcess(product, { smsDecides: false, approval: { comment: 'required' } })
      const asking = await signIn(on, initiator)
      await initiate(asking, t, 'Moving house')

      const link = await linkOn(product, approver.phone, /#\/request\//)
      const deciding = await signIn(on, approver, phoneSize, `/${link}`)
      const decision = deciding.getByTestId('decision')
      await decision.getByRole('button', { name: t('approvals.actions.reject') }).click()
      await expect(decision.getByText(t('validation.required'))).toBeVisible()
      await expect(decision.getByRole('textbox')).toBeFocused()
      await expectToFit(deciding)
      await decision.getByRole('textbox').fill('Which days?')
      await decision.getByRole('button', { name: t('approvals.actions.return') }).click()
      const dialog = deciding.getByRole('dialog')
      await expect(dialog.getByRole('combobox')).toContainText(t('approvals.initiator'))
      await dialog.getByRole('button', { name: t('approvals.actions.return') }).click()
      await expect(deciding.getByTestId('request-state')).toHaveText(t('approvals.badges.returned'))
      await expect(decision).toBeHidden()

      await asking.reload()
      const own = asking.getByTestId('own-request')
      await own.getByRole('textbox', { name: 'Days' }).fill('2')
      await expectToFit(asking)
      await own.getByRole('button', { name: t('approvals.request.resubmit') }).click()
      await expect(asking.getByTestId('request-state')).toHaveText(t('approvals.badges.running'))
      await expect(asking.getByTestId('request-form')).toContainText('2')
    })
  })
}

test('a form is put aside, and found again where it was left', async ({ browser, product, t }) => {
  await makeMethod(product)
  await makeProcess(product)
  const page = await signIn({ browser, product, t, language: 'en' }, initiator)
  await page.getByRole('link', { name: t('approvals.worklist.title') }).click()
  await page.getByRole('button', { name: t('approvals.worklist.initiate') }).click()
  await page.getByTestId('processes').getByRole('link', { name: title }).click()
  await page.getByRole('button', { name: t('approvals.initiate.handIn') }).click()
  await expect(page.getByRole('textbox', { name: 'Reason' })).toBeFocused()
  await page.getByRole('textbox', { name: 'Reason' }).fill('Half a thought')
  await page.getByRole('button', { name: t('approvals.initiate.saveDraft') }).click()
  await expect(page.getByText(t('approvals.initiate.saved'), { exact: true })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('textbox', { name: 'Reason' })).toHaveValue('Half a thought')
  await page.getByRole('button', { name: t('approvals.initiate.dropDraft') }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('approvals.initiate.dropDraft') })
    .click()
  await expect(page.getByRole('textbox', { name: 'Reason' })).toHaveValue('')
})

test('whoever decides second is told calmly what was decided', async ({ browser, product, t }) => {
  await makeMethod(product)
  await makeProcess(product)
  const on = { browser, product, t, language: 'en' as const }
  const asking = await signIn(on, initiator)
  await initiate(asking, t, 'Twice')
  const hash = new URL(asking.url()).hash
  const late = await signIn(on, approver, phoneSize, `/${hash}`)
  await expect(late.getByTestId('decision')).toBeVisible()
  const link = await linkOn(product, approver.phone, /#\/decide\//)
  const first = await visit(browser, product, 'en', phoneSize, `/${link}`)
  await first.getByRole('button', { name: t('approvals.actions.approve') }).click()
  await expect(first.getByText(t('approvals.link.thanks'), { exact: true })).toBeVisible()
  await late
    .getByTestId('decision')
    .getByRole('button', { name: t('approvals.actions.reject') })
    .click()
  await expect(late.getByText(t('approvals.request.meanwhile'))).toBeVisible()
  await expect(late.getByTestId('request-state')).toHaveText(t('approvals.badges.approved'))
})

test('an operator sees whom a request waits for and names somebody else', async ({
  app,
  browser,
  product,
}) => {
  const t = textsOf('en')
  await makeMethod(product)
  await makeProcess(product)
  const asking = await signIn({ browser, product, t, language: 'en' }, initiator)
  await initiate(asking, t, 'Watched')
  await textOn(product, approver.phone, /#\/decide\//)

  await app.getByRole('treeitem', { name: t('approvals.monitor.title'), exact: true }).click()
  const line = app.getByTestId('requests').getByRole('link', { name: `Leave of ${initiator.name}` })
  await expect(line).toContainText(approver.name)
  await expectAccessible(app)
  await line.click()
  await expect(app.getByTestId('request-texts')).toContainText(approver.name)
  await expectAccessible(app)
  await app.getByRole('button', { name: t('approvals.operate.reassign') }).click()
  const dialog = app.getByRole('dialog')
  await dialog.getByRole('combobox', { name: t('approvals.operate.members') }).fill('Hana')
  await app.getByRole('option', { name: told.name }).click()
  await app.keyboard.press('Escape')
  await dialog.getByRole('button', { name: t('approvals.operate.reassign') }).click()
  await expect(app.getByTestId('request-steps')).toContainText(told.name)
  await app.getByRole('button', { name: t('approvals.operate.cancel') }).click()
  await dialog.getByRole('button', { name: t('approvals.operate.cancel') }).click()
  await expect(app.getByTestId('request-state')).toHaveText(t('approvals.badges.cancelled'))
})
