import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Run } from '../../nodes/api/runs.ts'
import type { Sandbox } from '../../runtime/sandbox/sandbox.ts'
import { sequence } from '../simulation/random.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { mountSmallDisk } from '../support/small-disk.ts'
import { report, size } from './size.ts'
import { startTruth, takenTexts } from './truth.ts'
import { compareWithTruth, prepareAlarm } from './workload.ts'

const CYCLES = size(6, 100)
/** In every third cycle the server dies while the disk is full, in another it is started anew behind it. */
const DIES_EVERY = 3
const PEOPLE = 20
/** Requests on the wire at a time. */
const AT_ONCE = 64
/** What a death may leave unknown: what is on the wire, and what was answered just as the disk filled up. */
const LOST_BY_DEATH = 2 * AT_ONCE
const SEED = 20_261_126
const disk = mountSmallDisk(256)
if (!disk) console.log('full disk: left out, because this user may not mount a small file system')

it.runIf(disk)(
  `sends nothing that is not on the disk, and goes on by itself, over ${CYCLES} times a full disk`,
  { timeout: CYCLES * 40_000 },
  async () => {
    const random = sequence(SEED)
    const sandbox = await startTruth({ decide: () => 'delay', delayMs: 40 })
    const data = path.join(disk!.folder, 'data')
    // without a reserve: the disk is full to the last byte
    const start = () =>
      startProduct({ data, args: ['--no-sandbox'], environment: { SMS_LOGIC_DISK_RESERVE: '0' } })
    let product = await start()
    const told = new Told()
    try {
      await prepareAlarm(product, sandbox.url, PEOPLE)
      for (let cycle = 1; cycle <= CYCLES; cycle++) {
        const clients = new Clients(product, told, cycle)
        await until(() => told.accepted.size >= 4 * cycle, 'runs under way')
        await wait(random() * 200)
        const refused = told.refused.size
        disk!.fill()
        const accepted = told.accepted.size
        // What SQLite has taken of the disk before, it may use again: then everything goes on for a while.
        await until(
          () => told.refused.size > refused + 8 || told.accepted.size > accepted + 40,
          'a full disk is told to callers, or is none',
        )
        if (told.refused.size > refused + 8) told.fullDisks++
        expect((await product.api('GET', '/healthz')).status).toBe(200)
        told.checked += onlyRecordedTextsLeft(sandbox, data)
        const dies = cycle % DIES_EVERY === 0
        if (dies) await product.kill()
        await clients.stop()
        disk!.free()
        const freed = performance.now()
        if (cycle % DIES_EVERY === 1) await product.stop()
        if (dies || cycle % DIES_EVERY === 1) product = await start()
        await takesRunsAgain(product, told)
        told.slowestMs = Math.max(told.slowestMs, performance.now() - freed)
        await wait(random() * 100)
      }

      const states = await compareWithTruth(product, sandbox, told.accepted, PEOPLE)
      const deaths = Math.floor(CYCLES / DIES_EVERY)
      report('full disk', {
        ...{
          seed: SEED,
          cycles: CYCLES,
          fullDisks: told.fullDisks,
          deaths,
          runs: told.accepted.size,
          refused: told.refused.size,
        },
        ...{ states, statuses: told.statuses, checked: told.checked, slowestMs: Math.round(told.slowestMs) },
      })
      const texts = [...takenTexts(sandbox).keys()].map((each) => each.split(' Hello ')[1]!)
      expect(
        texts.filter((text) => told.refused.has(text)),
        'texts of refused runs',
      ).toEqual([])
      expect(Object.keys(told.statuses).sort()).toEqual(['202', '503'])
      expect(states['accepted']! + states['unknown']!).toBe(told.accepted.size * PEOPLE)
      expect(states['unknown']).toBeLessThanOrEqual(deaths * LOST_BY_DEATH)
      expect(states['accepted']).toBeGreaterThan(CYCLES * 4 * PEOPLE - deaths * LOST_BY_DEATH)
      expect(told.fullDisks).toBeGreaterThan(CYCLES / 2)
      expect(told.checked).toBeGreaterThan(CYCLES * PEOPLE)
      expect(told.slowestMs, 'until it goes on').toBeLessThan(30_000)
      expect(await product.stop()).toBe(0)
    } finally {
      product.process.kill('SIGKILL')
      disk!.remove()
      await sandbox.close()
    }
  },
)

/** What was answered to callers. */
class Told {
  /** Run id → its text. */
  readonly accepted = new Map<string, string>()
  /** Texts of runs that were refused. */
  readonly refused = new Set<string>()
  readonly statuses: Record<string, number> = {}
  slowestMs = 0
  /** Cycles in which runs were refused. */
  fullDisks = 0
  /** Texts at the provider that were looked up in the store while the disk was full. */
  checked = 0
}

/** Callers who start one run after the other, whatever the answer. */
class Clients {
  #isOver = false
  readonly #clients: Promise<void>[]

  constructor(product: Product, told: Told, cycle: number) {
    this.#clients = [1, 2, 3, 4].map((client) => this.#call(product, told, `alarm ${cycle}/${client}`))
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#clients)
  }

  async #call(product: Product, told: Told, name: string): Promise<void> {
    for (let number = 1; !this.#isOver; number++) {
      try {
        await startAlarm(product, told, `${name}/${number}`)
      } catch {
        return // the server is gone; nobody knows what became of this one
      }
      await wait(20)
    }
  }
}

async function startAlarm(product: Product, told: Told, who: string): Promise<number> {
  const path = '/api/functions/alarm/runs?wait=0'
  const { status, body, headers } = await product.api<Run & { code: string }>('POST', path, { who })
  told.statuses[status] = (told.statuses[status] ?? 0) + 1
  if (status === 202) told.accepted.set(body.id, who)
  else {
    expect([status, body.code]).toEqual([503, 'STORE_UNAVAILABLE'])
    expect(headers.get('retry-after')).not.toBeNull()
    told.refused.add(who)
  }
  return status
}

async function takesRunsAgain(product: Product, told: Told): Promise<void> {
  for (
    let number = 1;
    (await startAlarm(product, told, `again ${told.accepted.size}/${number}`)) !== 202;
    number++
  ) {
    await wait(100)
  }
}

/** Whatever the provider has by now was claimed on the disk before. @returns how many texts that are */
function onlyRecordedTextsLeft(sandbox: Sandbox, data: string): number {
  const texts = sandbox.messages(2_000).map(({ to, text }) => `${to} ${text}`)
  const store = new DatabaseSync(path.join(data, 'sms-logic.db'), { readOnly: true })
  const rows = store.prepare("SELECT phone, body FROM message WHERE state <> 'planned'").all()
  store.close()
  const claimed = new Set(
    rows.map(
      ({ phone, body }) => `${phone as string} ${(JSON.parse(body as string) as { text: string }).text}`,
    ),
  )
  expect(
    texts.filter((text) => !claimed.has(text)),
    'texts that left without a claim on the disk',
  ).toEqual([])
  return texts.length
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!condition()) {
    expect(performance.now(), what).toBeLessThan(deadline)
    await wait(10)
  }
}
