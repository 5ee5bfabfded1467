import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import type { Texts } from './fixtures.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import type { Product } from '../support/product.ts'

/** The gestures of the canvas, in a real browser: what no unit test can feel. */
test.beforeEach(async ({ app, t }) => {
  await app.getByRole('treeitem', { name: 'My first function' }).click()
  await expect(cards(app, t, 'start')).toHaveCount(1)
})

test('connects, disconnects, refuses what leads back, and takes each back', async ({ app, product, t }) => {
  await cards(app, t, 'start')
    .locator('[data-port=next]')
    .dragTo(canvas(app), { targetPosition: { x: 560, y: 120 } })
  const list = app.getByRole('dialog', { name: t('function.quickAdd.title') })
  await list.getByRole('combobox').fill(t('nodes.assign-variable.title'))
  await list.getByRole('combobox').press('Enter')
  const variable = cards(app, t, 'assign-variable')
  await expect(variable).toHaveCount(1)
  await expect.poll(() => connections(product)).toBe(1)
  await app.keyboard.press('Control+z')
  await expect(variable).toHaveCount(0)
  await app.keyboard.press('Control+Shift+z')
  await expect(variable).toHaveCount(1)
  await expect.poll(() => connections(product)).toBe(1)

  await addByPalette(app, t, 'condition', { x: 480, y: 480 })
  const condition = cards(app, t, 'condition')
  await connect(variable, 'next', condition)
  await expect.poll(() => connections(product)).toBe(2)
  await pull(app, port(condition, 'otherwise'), port(variable, 'in'))
  await expect(app.getByTestId('canvas-notice')).toHaveText(t('canvas.refusals.cycle'))
  await app.mouse.up()
  await expect.poll(() => connections(product)).toBe(2)

  // A wire that is pulled off its input and let go over nothing is gone.
  await port(condition, 'in').dragTo(canvas(app), { targetPosition: { x: 300, y: 620 } })
  await expect.poll(() => connections(product)).toBe(1)
})

test('moves, box-selects, deletes and pastes', async ({ app, product, t }) => {
  await addByPalette(app, t, 'assign-variable', { x: 480, y: 200 })
  await addByPalette(app, t, 'return', { x: 740, y: 200 })
  const [variable, end] = [cards(app, t, 'assign-variable'), cards(app, t, 'return')]
  await connect(variable, 'next', end)
  const before = (await end.boundingBox())!
  await app.mouse.move(before.x + 60, before.y + 14)
  await app.mouse.down()
  await app.mouse.move(before.x + 220, before.y + 14, { steps: 6 })
  await app.mouse.up()
  await expect.poll(async () => (await end.boundingBox())!.x).toBeGreaterThan(before.x + 140)

  await app.mouse.move(...(await corner(variable, 'before')))
  await app.mouse.down()
  await app.mouse.move(...(await corner(end, 'behind')), { steps: 6 })
  await app.mouse.up()
  await app.keyboard.press('Control+c')
  await app.keyboard.press('Delete')
  await expect(variable).toHaveCount(0)
  await expect(end).toHaveCount(0)
  await expect(cards(app, t, 'start')).toHaveCount(1)
  await app.keyboard.press('Control+z')
  await expect(end).toHaveCount(1)
  await app.keyboard.press('Control+v')
  await expect(end).toHaveCount(2)
  await expect(variable).toHaveCount(2)
  await expect.poll(() => connections(product)).toBe(2)
})

test('is drawn by keyboard alone', async ({ app, product, t }) => {
  await paletteItem(app, 'return').focus()
  await app.keyboard.press('Enter')
  await expect(cards(app, t, 'return')).toHaveCount(1)

  await canvas(app).focus()
  await app.keyboard.press('Home')
  await app.keyboard.press('c')
  const connecting = app.getByRole('dialog', {
    name: t('function.connect.title', { node: t('nodes.start.title') }),
  })
  await connecting.getByRole('combobox').fill(t('nodes.return.title'))
  await app.keyboard.press('ArrowDown')
  await app.keyboard.press('Enter')
  await connecting.getByRole('button', { name: t('function.connect.connect') }).press('Enter')
  await expect(connecting).toBeHidden()
  await expect.poll(() => connections(product)).toBe(1)

  await app.keyboard.press('Home')
  await app.keyboard.press('ArrowRight')
  await app.keyboard.press('Enter')
  await expect(
    app.getByRole('dialog', { name: t('function.params.title', { node: t('nodes.return.title') }) }),
  ).toBeVisible()
  await app.keyboard.press('Escape')
  await expect(app.getByRole('dialog')).toHaveCount(0)
  await app.keyboard.press('Delete')
  await expect(cards(app, t, 'return')).toHaveCount(0)
})

test('zooms at the pointer, pans, and fits everything again', async ({ app, t }) => {
  const start = cards(app, t, 'start')
  await start.hover()
  const before = (await start.boundingBox())!
  await app.keyboard.down('Control')
  for (let turn = 0; turn < 4; turn++) await app.mouse.wheel(0, -240)
  await app.keyboard.up('Control')
  await expect.poll(async () => (await start.boundingBox())!.width).toBeGreaterThan(before.width * 1.2)

  const zoomed = (await start.boundingBox())!
  await app.keyboard.down('Space')
  await app.mouse.down()
  await app.mouse.move(before.x + before.width / 2 + 200, before.y + 150, { steps: 4 })
  await app.mouse.up()
  await app.keyboard.up('Space')
  await expect.poll(async () => (await start.boundingBox())!.x).toBeGreaterThan(zoomed.x + 150)

  await app.mouse.wheel(2_000, 2_000)
  await expect(start).not.toBeInViewport()
  await canvas(app).focus()
  await app.keyboard.press('Shift+Digit1')
  await expect(start).toBeInViewport({ ratio: 1 })
})

/** Connections of the draft as the server keeps it: the canvas paints them. */
async function connections(product: Product): Promise<number> {
  const { body } = await product.api<{ graph: Graph }>('GET', '/api/functions/my-first-function')
  return body.graph.connections.length
}

const canvas = (page: Page) => page.getByTestId('flow-canvas')

function cards(page: Page, t: Texts, type: string): Locator {
  return page.getByTestId('node-card').filter({ hasText: t(`nodes.${type}.title`) })
}

const port = (card: Locator, name: string) => card.locator(`[data-port="${name}"]`)

const paletteItem = (page: Page, type: string) => page.locator(`[data-id="node:${type}"]`)

async function addByPalette(page: Page, t: Texts, type: string, targetPosition: { x: number; y: number }) {
  await paletteItem(page, type).dragTo(canvas(page), { targetPosition })
  await expect(cards(page, t, type)).toHaveCount(1)
}

async function connect(from: Locator, out: string, to: Locator) {
  await port(from, out).dragTo(port(to, 'in'))
}

/** Draws a wire and keeps hold of it. */
async function pull(page: Page, from: Locator, to: Locator) {
  await from.hover()
  await page.mouse.down()
  await to.hover()
}

/** A place on the canvas a little above and before, or below and behind, a card. */
async function corner(card: Locator, side: 'before' | 'behind'): Promise<[x: number, y: number]> {
  const { x, y, width, height } = (await card.boundingBox())!
  return side === 'before' ? [x - 24, y - 24] : [x + width + 24, y + height + 24]
}
