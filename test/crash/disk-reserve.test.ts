import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { Run } from '../../nodes/api/runs.ts'
import { fixed, flow, sms } from '../support/flow.ts'
import { startProduct } from '../support/product.ts'
import { mountSmallDisk } from '../support/small-disk.ts'

const MEBIBYTE = 1024 * 1024
const RESERVE = 60
const disk = mountSmallDisk(160)
if (!disk) console.log('disk reserve: left out, because this user may not mount a small file system')

it.runIf(disk)(
  'takes no further run below the reserve, writes what comes of those under way, and goes on once there is room',
  { timeout: 120_000 },
  async () => {
    const { folder } = disk!
    const filler = path.join(folder, 'filler')
    const environment = { SMS_LOGIC_DISK_RESERVE: String(RESERVE) }
    const product = await startProduct({ data: path.join(folder, 'data'), environment })
    try {
      const members = await product.api<{ members: { id: string }[] }>('GET', '/api/members')
      const services = await product.api<{ id: string }[]>('GET', '/api/sms-services')
      const text = sms(members.body.members[0]!.id, services.body[0]!.id)
      const graph = flow({
        wait: { type: 'wait', params: { amount: fixed(4), unit: 'seconds' }, to: { next: 'text' } },
        text,
      })
      await product.api('POST', '/api/functions', { title: 'Later', name: 'later', graph })
      const start = () =>
        product.api<{ id: string; code?: string }>('POST', '/api/functions/later/runs?wait=0', {})
      const accepted = await start()
      expect(accepted.status).toBe(202)

      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(filler, Buffer.alloc(bavail * bsize - (RESERVE - 20) * MEBIBYTE))
      await expect.poll(async () => (await start()).body.code, { timeout: 10_000 }).toBe('DISK_SPACE_LOW')
      const refused = await start()
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
      const low = { status: 'ok', disk: 'low', freeMiB: expect.any(Number), reserveMiB: RESERVE }
      expect((await product.api('GET', '/healthz')).body).toEqual(low)
      expect(await (await fetch(`${product.url}/healthz`)).json()).toEqual({ status: 'ok' })

      const run = async () => (await product.api<Run>('GET', `/api/runs/${accepted.body.id}`)).body
      await expect.poll(async () => (await run()).status, { timeout: 15_000 }).toBe('done')
      expect((await run()).steps.at(-1)!.messages).toMatchObject([{ state: 'accepted' }])

      rmSync(filler)
      await expect.poll(async () => (await start()).status, { timeout: 10_000 }).toBe(202)
      expect((await product.api('GET', '/healthz')).body).toEqual({ status: 'ok' })
    } finally {
      await product.stop()
      disk!.remove()
    }
  },
)
