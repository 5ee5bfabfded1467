import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test as base } from '@playwright/test'
import type { Host } from '../../src/index.ts'
import { newFolder } from '../support/product.ts'

const server = path.resolve(import.meta.dirname, '../../examples/embed/server.ts')

/** The example of `examples/embed`, started as its README says, and its page. */
const test = base.extend<{ address: string }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright wants the pattern
  address: async ({}, use) => {
    const example = spawn(process.execPath, [server], {
      env: { ...process.env, DATA: newFolder(), PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let address: string | undefined
    for await (const line of createInterface(example.stdout)) {
      address = /http:\S+/.exec(line)?.[0]
      if (address) break
    }
    await use(address!)
    const ended = once(example, 'exit')
    example.kill('SIGINT')
    await ended
  },
})

test("two embedded editors in two languages offer the host's own node and leave its page alone", async ({
  page,
  address,
}) => {
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
  await page.goto(address)
  const english = page.locator('#english')
  const chinese = page.locator('#chinese')
  await expect(english.locator('[data-node-type=open-ticket]')).toContainText('Open Ticket')
  await expect(chinese.locator('[data-node-type=open-ticket]')).toContainText('创建工单')

  await expect(page.locator('body > h1')).toHaveCSS('font-family', 'Georgia, serif')
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'normal')
  await expect(english.locator('.sms-logic')).toHaveCSS('color', 'rgb(26, 32, 48)')
  const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id))
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])

  await chinese.locator('[data-node-type=open-ticket]').dblclick()
  await chinese.locator('.node-card', { hasText: '创建工单' }).dblclick()
  const dialog = page.getByRole('dialog', { name: '设置参数' })
  await expect(dialog).toHaveCSS('font-size', '13px')
  await expect(dialog.getByLabel('3', { exact: true })).toBeVisible()
  await dialog.getByLabel('3', { exact: true }).check()
  // it may save by itself before the key does
  const saved = page.waitForRequest((request) => request.method() === 'PUT')
  await dialog.getByRole('button', { name: '确定' }).click()
  await expect(dialog).toBeHidden()

  await page.evaluate(() => (document.documentElement.style.colorScheme = 'dark'))
  await expect(english.locator('.sms-logic')).toHaveCSS('color', 'rgb(232, 235, 241)')

  await chinese.locator('.flow-canvas').focus()
  await page.keyboard.press('ControlOrMeta+s')
  expect((await saved).postDataJSON()).toMatchObject({
    graph: { nodes: expect.arrayContaining([expect.objectContaining({ type: 'open-ticket' })]) as unknown },
  })
  await expect(chinese.getByTestId('save-state')).toContainText('已保存')
  expect(troubles).toEqual([])
})

test('an embedded inbox speaks the language it is given and counts what is unread', async ({
  page,
  address,
}) => {
  await page.goto(address)
  await page.evaluate(async () => {
    const module = '/@id/sms-logic/editor'
    const { mountInbox } = (await import(module)) as typeof import('../../src/index.ts')
    const element = document.createElement('section')
    element.id = 'inbox'
    document.body.append(element)
    const send: Host['send'] = (path, { body = null, ...request }) =>
      fetch(`/sms${path}`, { ...request, body })
    const onUnread = (count: number) => (element.dataset['unread'] = String(count))
    await mountInbox(element, { memberId: 'nobody', locale: 'zh-CN', host: { send }, onUnread })
  })
  await expect(page.locator('#inbox')).toContainText('收件箱为空')
  await expect(page.locator('#inbox')).toHaveAttribute('data-unread', '0')
})
