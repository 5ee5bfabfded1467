/** `npm run screenshot`: makes the picture in the README anew, from the real product with its example data. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { chromium } from '@playwright/test'
import { startProduct } from '../test/support/product.ts'
import { root } from './bundled-node.js'
import { needChromium } from './find-chromium.js'

const picture = path.join(root, 'docs', 'editor.png')
const executablePath = needChromium()
const product = await startProduct()
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
try {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    deviceScaleFactor: 2,
    locale: 'en',
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  await page.goto(product.link)
  await page.getByRole('treeitem', { name: 'Night shift alarm' }).click()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  const panel = page.getByRole('complementary', { name: 'Run' })
  await panel.getByRole('textbox', { name: 'Device' }).fill('Pump 7')
  await panel.getByRole('button', { name: 'Start', exact: true }).click()
  await panel.getByRole('status').getByText('Done').waitFor()
  await page.getByRole('button', { name: 'Hide the node list' }).click()
  await page.getByRole('button', { name: 'Show everything (Shift+1)' }).click()
  // the pointer and the focus would leave a tooltip and a ring in the picture
  await page.mouse.move(720, 899)
  await page.evaluate(() => document.activeElement?.blur())
  await page.screenshot({ path: picture, animations: 'disabled' })
  console.log(`Saved ${picture}`)
} finally {
  await browser.close()
  await product.stop()
  rmSync(product.data, { recursive: true, force: true })
}
