import type { Locator, Page } from '@playwright/test'
import type { InboxPage } from '../../nodes/api/inbox.ts'
import type { Run } from '../../nodes/api/runs.ts'
import type { Member } from '../../nodes/directory/schema.ts'
import { httpAnswer, startWireServer } from '../contract/wire-server.ts'
import type { WireServer } from '../contract/wire-server.ts'
import { expect, languages, test } from './fixtures.ts'
import type { Texts } from './fixtures.ts'
import type { Product } from '../support/product.ts'

/**
 * When a machine gives alarm and it is serious, each leader of the department is texted; where the text does not arrive
 * within five minutes, the deputies are; a log outside is told, and the operator where anything fails. Drawn from
 * nothing, published, started in every way, broken, mended, compared and replayed, as its author would.
 */
for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language, provoked: '409 (Conflict)' })

    test('draws the machine alarm, starts it in every way, finds its fault and mends it', async ({
      app,
      product,
      t,
    }) => {
      test.setTimeout(600_000)
      let moved = false
      const log = await startWireServer((socket, { head }) =>
        socket.write(httpAnswer(moved && head.startsWith('POST /alarms') ? 410 : 200, '{}')),
      )
      await product.api('PUT', '/api/settings', { egressAllow: ['127.0.0.1'] })
      const author = new Author(app, t)

      await createFunction(author)
      await drawNodes(author, log)
      await author.saved()
      await expect(app.getByTestId('problems-button')).toHaveText(t('function.toolbar.noProblems'))
      await author.publish('As drawn')

      const departments = await product.api<{ id: string; name: string }[]>('GET', '/api/departments')
      const department = departments.body.find(({ name }) => name === 'Maintenance')!.id
      const key = await addTriggers(author)

      const alarm = { device: 'Pump 7', severity: 5, department }
      await arrivesNowhere(product, 'George')
      const called = await product.api<Run>('POST', '/hooks/machine-alarm', alarm, { 'x-trigger-key': key })
      expect(called.status).toBe(200)
      expect(await textsOf(product)).toEqual(Array(2).fill('Nobody answers for Pump 7'))
      expect(log.requests.map(({ head }) => head.split('\r\n')[0])).toEqual(['POST /alarms HTTP/1.1'])
      await product.api('POST', '/api/events/machine.alarm', { ...alarm, severity: 2 })
      await expect.poll(() => triggersOf(product)).toEqual(expect.arrayContaining(['hook', 'event']))

      moved = true
      await product.api('POST', '/api/events/machine.alarm', alarm)
      await findFault(author)
      await mend(author, `${log.origin}/v2/alarms`)
      await compare(author)
      await replay(author)

      const again = await product.api<Run>('POST', '/hooks/machine-alarm', alarm, { 'x-trigger-key': key })
      expect(again.status).toBe(200)
      expect((await textsOf(product)).at(-1)).toBe('Please go to Pump 7')
      expect(log.requests.at(-1)!.head).toMatch(/^POST \/v2\/alarms /)
      const operator = await memberOf(product, 'Lena')
      const { body: inbox } = await product.api<InboxPage>('GET', `/api/inbox/${operator.id}`)
      expect(inbox.entries.map(({ title }) => title)).toEqual([
        expect.stringContaining('answered with status 410'),
      ])
      await expect.poll(() => triggersOf(product), { timeout: 70_000 }).toContain('schedule')
    })
  })
}

/** The gestures of somebody who draws. */
class Author {
  readonly page: Page
  readonly t: Texts
  readonly dialog: Locator

  constructor(page: Page, t: Texts) {
    this.page = page
    this.t = t
    this.dialog = page.getByRole('dialog')
  }

  /** The card with this title, or the newest of this node type. */
  card(title: string): Locator {
    return this.page.getByTestId('node-card').filter({ hasText: title }).last()
  }

  type(type: string): Locator {
    return this.card(this.t(`nodes.${type}.title`))
  }

  /** Pulls a connection out of a port and chooses what shall follow there. */
  async follow(from: Locator, port: string, type: string, at: { x: number; y: number }): Promise<Locator> {
    await from
      .locator(`[data-port="${port}"]`)
      .dragTo(this.page.getByTestId('flow-canvas'), { targetPosition: at })
    const list = this.page.getByRole('dialog', { name: this.t('function.quickAdd.title') })
    await list.getByRole('combobox').fill(this.t(`nodes.${type}.title`))
    await list.getByRole('combobox').press('Enter')
    await expect(list).toBeHidden()
    await expect(this.type(type)).toBeVisible()
    return this.type(type)
  }

  async connect(from: Locator, port: string, to: Locator): Promise<void> {
    await from.locator(`[data-port="${port}"]`).dragTo(to.locator('[data-port="in"]'))
  }

  /** Opens the dialog of a card, and presses OK when it is filled. */
  async fill(card: Locator, fill: (dialog: Locator) => Promise<void>): Promise<void> {
    await card.dblclick()
    await expect(this.dialog).toBeVisible()
    await fill(this.dialog)
    await this.dialog.getByRole('button', { name: this.t('ui.ok'), exact: true }).click()
    await expect(this.dialog).toBeHidden()
  }

  async title(text: string): Promise<void> {
    await this.dialog.getByRole('textbox', { name: this.t('function.params.nodeTitle') }).fill(text)
  }

  async choose(box: Locator, option: string | RegExp): Promise<void> {
    await box.click()
    await this.page.getByRole('option', { name: option }).first().click()
  }

  async formula(place: Locator, source: string): Promise<void> {
    await place.getByRole('radio', { name: this.t('function.value.formula') }).check()
    await place.locator('.cm-content').click()
    await this.page.keyboard.press('Control+a')
    await this.page.keyboard.type(source)
    await this.dialog.getByRole('heading').first().click()
  }

  async variable(place: Locator, option: RegExp): Promise<void> {
    await place.getByRole('radio', { name: this.t('function.value.variable') }).check()
    await place.getByRole('combobox').click()
    await this.page.getByRole('treeitem', { name: option }).first().click()
  }

  /** Adds a formula to the recipients. */
  async recipient(dialog: Locator, source: string): Promise<void> {
    const { t } = this
    await dialog.getByRole('tab', { name: t('function.recipients.values') }).click()
    await dialog.getByRole('button', { name: t('function.recipients.addValue') }).click()
    await this.formula(dialog.locator('[data-path="recipients/0/value"]'), source)
  }

  async publish(note: string): Promise<void> {
    const { page, t, dialog } = this
    await page.getByRole('button', { name: t('versions.publish.action') }).click()
    await dialog.getByRole('textbox', { name: t('versions.note') }).fill(note)
    await dialog.getByRole('button', { name: t('versions.publish.action') }).click()
    await expect(dialog).toBeHidden()
  }

  async saved(): Promise<void> {
    await this.page.keyboard.press('Control+s')
    await expect(this.page.getByTestId('save-state')).toHaveText(this.t('function.state.saved'))
  }
}

async function createFunction(author: Author): Promise<void> {
  const { page, t, dialog } = author
  await page.getByRole('button', { name: t('tree.create') }).click()
  await page.getByRole('menuitem', { name: t('tree.function') }).click()
  await dialog.getByRole('textbox').fill('Machine alarm')
  await dialog.getByRole('button', { name: t('tree.createAction'), exact: true }).click()
  await expect(author.type('start')).toBeVisible()
  await page.getByRole('button', { name: t('function.toolbar.inputs'), exact: true }).click()
  const inputs = [
    ['device', 'text'],
    ['severity', 'number'],
    ['department', 'department'],
  ] as const
  for (const [index, [name, type]] of inputs.entries()) {
    await dialog.getByRole('button', { name: t('function.inputs.add') }).click()
    const input = dialog.getByRole('group', { name: t('function.inputs.row', { number: index + 1 }) })
    await input.getByRole('textbox', { name: t('function.inputs.name'), exact: true }).fill(name)
    await author.choose(
      input.getByRole('combobox', { name: t('function.inputs.type') }),
      new RegExp(`^${t(`function.types.${type}`)}$`),
    )
    await input.getByRole('checkbox', { name: t('function.inputs.required') }).check()
  }
  await dialog.getByRole('button', { name: t('ui.ok'), exact: true }).click()
}

async function drawNodes(author: Author, log: WireServer): Promise<void> {
  const { page, t } = author
  for (let click = 0; click < 3; click++) {
    await page.getByRole('button', { name: t('function.toolbar.zoomOut') }).click()
  }
  const start = author.type('start')
  await start.dragTo(page.getByTestId('flow-canvas'), { targetPosition: { x: 70, y: 120 } })
  await author.fill(await author.follow(start, 'next', 'try', { x: 170, y: 120 }), () =>
    author.title('Whatever fails'),
  )
  const attempt = author.card('Whatever fails')
  const serious = await author.follow(attempt, 'body', 'condition', { x: 315, y: 60 })
  await author.fill(serious, async (dialog) => {
    await author.title('Is it serious?')
    await author.formula(dialog.locator('[data-path="branches/0/when"]'), 'severity > 3')
  })
  const find = await author.follow(author.card('Is it serious?'), 'branch-1', 'find-people', {
    x: 460,
    y: 60,
  })
  await author.fill(find, async (dialog) => {
    await author.title('Its leaders')
    await author.recipient(dialog, 'LEADERS(department)')
  })
  const loop = await author.follow(author.card('Its leaders'), 'next', 'loop', { x: 605, y: 60 })
  await author.fill(loop, async (dialog) => {
    await author.title('One by one')
    await author.variable(dialog.locator('[data-path="list"]'), /^people/)
  })
  const text = await author.follow(author.card('One by one'), 'each', 'sms-notification', { x: 750, y: 60 })
  await author.fill(text, async (dialog) => {
    await author.title('Text the leader')
    await author.recipient(dialog, 'item')
    await author.choose(
      dialog.getByRole('combobox', { name: t('nodes.sms-notification.params.service.label') }),
      /Sandbox/,
    )
    await author.choose(
      dialog.getByRole('combobox', { name: t('nodes.sms-notification.params.template.label') }),
      /Shift alarm/,
    )
    // what has the name of an input begins with it
    for (const name of ['device', 'severity']) {
      await expect(dialog.locator(`[data-path="variables/${name}"]`).getByRole('combobox')).toHaveText(name)
    }
  })
  const receipt = await author.follow(author.card('Text the leader'), 'sent', 'wait-for-delivery', {
    x: 750,
    y: 220,
  })
  await author.fill(receipt, async (dialog) => {
    await author.title('Did it arrive?')
    await dialog.locator('[data-field="minutes"] input').fill('5')
  })
  const deputy = await author.follow(author.card('Did it arrive?'), 'failed', 'sms-notification', {
    x: 750,
    y: 380,
  })
  await author.connect(author.card('Did it arrive?'), 'no-receipt', deputy)
  await author.fill(deputy, async (dialog) => {
    await author.title('Text the deputy')
    await dialog.getByRole('tab', { name: t('function.recipients.roles') }).click()
    await dialog.getByRole('checkbox', { name: 'Alarm leader' }).check()
    await author.choose(
      dialog.getByRole('combobox', { name: t('nodes.sms-notification.params.service.label') }),
      /Sandbox/,
    )
    await dialog
      .getByRole('textbox', { name: t('nodes.sms-notification.params.templateText.label'), exact: true })
      .fill('Nobody answers for ${device}')
  })
  const tell = await author.follow(author.card('One by one'), 'done', 'http-request', { x: 605, y: 240 })
  await author.fill(tell, async (dialog) => {
    await author.title('Log it')
    await author.choose(dialog.locator('[data-field="method"]').getByRole('combobox'), 'POST')
    await dialog.locator('[data-path="url"]').getByRole('textbox').fill(`${log.origin}/alarms`)
  })
  const operator = await author.follow(attempt, 'error', 'message-notification', { x: 170, y: 380 })
  await author.fill(operator, async (dialog) => {
    await author.title('Tell the operator')
    await dialog.getByRole('tab', { name: t('function.recipients.members') }).click()
    await dialog.getByRole('checkbox', { name: /Lena Fischer/ }).check()
    await author.formula(dialog.locator('[data-path="title"]'), '"Alarm failed: " & nodes.try1.error.message')
  })
  const failed = await author.follow(author.card('Tell the operator'), 'next', 'throw-error', {
    x: 315,
    y: 380,
  })
  await author.fill(failed, async (dialog) => {
    await author.title('Say so')
    await author.formula(dialog.locator('[data-path="message"]'), 'nodes.try1.error.message')
  })
  await author.follow(attempt, 'done', 'return', { x: 315, y: 240 })
}

/** An HTTP call, an event with a condition, and every minute. */
async function addTriggers(author: Author): Promise<string> {
  const { page, t, dialog } = author
  await page.getByRole('button', { name: t('triggers.show'), exact: true }).click()
  const triggers = page.getByTestId('triggers')
  const add = async (kind: 'hook' | 'schedule' | 'event', name: string, fill: () => Promise<void>) => {
    await triggers.getByRole('button', { name: t('triggers.add') }).click()
    await page.getByRole('menuitem', { name: t(`triggers.kind.${kind}`) }).click()
    await dialog.getByLabel(t('triggers.form.name'), { exact: false }).first().fill(name)
    await fill()
    await dialog.getByRole('button', { name: t('ui.save') }).click()
  }
  const switchOn = (name: string) =>
    triggers.getByRole('switch', { name: t('triggers.onName', { name }) }).click()
  const input = (name: string) => dialog.getByRole('group', { name: new RegExp(`^${name}`) })

  await add('hook', 'Gateway', () =>
    dialog.getByLabel(t('triggers.form.path'), { exact: false }).fill('machine-alarm'),
  )
  const key = await page.getByTestId('trigger-secret').inputValue()
  await dialog
    .getByRole('button', { name: t('ui.close') })
    .last()
    .click()
  await switchOn('Gateway')

  await add('event', 'Alarm', async () => {
    await dialog.getByRole('textbox', { name: t('triggers.form.event') }).fill('machine.alarm')
    for (const name of ['device', 'severity', 'department']) {
      await author.formula(input(name), `payload.${name}`)
    }
  })
  await switchOn('Alarm')
  await add('schedule', 'Test alarm', async () => {
    await author.choose(
      dialog.getByRole('combobox', { name: t('triggers.form.times'), exact: true }),
      t('triggers.form.timesCron'),
    )
    await dialog.getByRole('textbox', { name: t('triggers.form.cron') }).fill('* * * * *')
    // each control is the one of its input's type
    await input('device').getByRole('textbox').fill('Siren')
    await input('severity').getByRole('textbox').fill('1')
    await input('department')
      .getByRole('button', { name: t('ui.choose') })
      .click()
    await input('department').getByRole('checkbox', { name: 'Maintenance', exact: true }).check()
  })
  await switchOn('Test alarm')
  await triggers.getByRole('button', { name: t('triggers.back') }).click()
  return key
}

/** Texts to this member are given up on the way. */
async function arrivesNowhere(product: Product, name: string): Promise<void> {
  const { phone } = await memberOf(product, name)
  await product.api('POST', '/api/sandbox/receipts', { phone, delivery: 'undelivered' })
}

async function memberOf(product: Product, name: string): Promise<Member> {
  const { body } = await product.api<{ members: Member[] }>('GET', `/api/members?search=${name}`)
  return body.members[0]!
}

async function textsOf(product: Product): Promise<string[]> {
  const { body } = await product.api<{ text: string }[]>('GET', '/api/sandbox/messages')
  return body.map(({ text }) => text).reverse()
}

async function triggersOf(product: Product): Promise<string[]> {
  const { body } = await product.api<{ trigger: string; status: string }[]>(
    'GET',
    '/api/runs?function=machine-alarm',
  )
  return body.map(({ trigger }) => trigger)
}

/** From the list of runs to the step that failed. */
async function findFault(author: Author): Promise<void> {
  const { page, t } = author
  await page.getByRole('treeitem', { name: t('runs.title'), exact: true }).click()
  const rows = page.getByTestId('runs-table').locator('tbody tr')
  const failed = rows.filter({ hasText: t('function.run.status.failed') })
  await failed.first().getByRole('button').first().click()
  await page.getByRole('link', { name: t('runs.whole') }).click()
  const run = page.getByTestId('run-page')
  await expect(run.locator('[data-state="failed"]').first()).toBeVisible()
}

async function mend(author: Author, address: string): Promise<void> {
  const { page, t } = author
  await page.getByRole('treeitem', { name: 'Machine alarm' }).click()
  await author.fill(author.card('Log it'), (dialog) =>
    dialog.locator('[data-path="url"]').getByRole('textbox').fill(address),
  )
  await author.fill(author.card('Text the deputy'), (dialog) =>
    dialog
      .getByRole('textbox', { name: t('nodes.sms-notification.params.templateText.label'), exact: true })
      .fill('Please go to ${device}'),
  )
  await author.saved()
  await author.publish('The log has moved')
}

/** What is another in the second version. */
async function compare(author: Author): Promise<void> {
  const { page, t } = author
  await page.getByRole('button', { name: t('versions.show'), exact: true }).click()
  const versions = page.getByTestId('versions')
  await versions.getByRole('button', { name: /The log has moved/ }).click()
  await author.choose(
    versions.getByRole('combobox', { name: t('versions.compareWith') }),
    new RegExp(t('versions.number', { number: 1 })),
  )
  const changes = versions.getByTestId('changes')
  await expect(changes).toContainText('/v2/alarms')
  await expect(changes).toContainText('Please go to ${device}')
  await page.getByRole('button', { name: t('versions.back') }).click()
}

/** The runs so far through the function as it is now: what they would text. */
async function replay(author: Author): Promise<void> {
  const { page, t } = author
  await page.getByRole('button', { name: t('function.toolbar.run'), exact: true }).click()
  await page
    .getByTestId('run-panel')
    .getByRole('button', { name: t('tryIt.replay.open') })
    .click()
  const shown = page.getByTestId('replay')
  await expect(shown.locator('del').first()).toContainText('Nobody answers')
}
