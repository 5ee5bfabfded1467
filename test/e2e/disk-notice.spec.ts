import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { newFolder, startProduct } from '../support/product.ts'
import { expect, expectAccessible, languages, test as base } from './fixtures.ts'

const MEBIBYTE = 1024 * 1024
const data = newFolder()
/** What other tests write meanwhile is less than half of it. */
const ballast = path.join(data, 'ballast')

/** A product whose disk has too little space for as long as the ballast is there. */
const test = base.extend({
  // eslint-disable-next-line no-empty-pattern -- Playwright wants the pattern
  product: async ({}, use) => {
    writeFileSync(ballast, Buffer.alloc(512 * MEBIBYTE, 1))
    const { bavail, bsize } = statfsSync(data)
    const reserve = Math.ceil((bavail * bsize) / MEBIBYTE) + 256
    const product = await startProduct({ environment: { SMS_LOGIC_DISK_RESERVE: String(reserve) } })
    await use(product)
    await product.stop()
    rmSync(ballast, { force: true })
  },
})

// one after the other: both fill the same disk
test.describe.configure({ mode: 'serial' })

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('says that no runs are taken for as long as the disk has no room', async ({ app, product, t }) => {
      const notice = app.getByTestId('disk-notice')
      const [before] = t('app.diskLow', { free: '|', reserve: '|' }).split('|')
      await expect(notice).toContainText(before!)
      await expect(notice).toContainText(/\d MiB/)
      await expectAccessible(app)
      const run = () => product.api('POST', '/api/functions/night-shift-alarm/runs', { device: 'Pump 7' })
      expect((await run()).status).toBe(503)

      rmSync(ballast)
      await expect.poll(async () => (await run()).status).toBe(200)
      await app.reload()
      await expect(app.getByRole('treeitem').first()).toBeVisible()
      await expect(notice).toBeHidden()
    })
  })
}
