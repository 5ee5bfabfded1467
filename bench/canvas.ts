import { createServer, type Server } from 'node:http'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { build } from 'vite'
import { needChromium } from '../scripts/find-chromium.js'
import { median, type BenchCase } from './case.ts'

const NODES = 1_000
const CONNECTIONS = 1_280
const VIEW = { width: 1600, height: 900 }
const STEPS = 120

interface Frames {
  median: number
  p95: number
}

/**
 * Measures the canvas with 1,000 nodes and 1,280 connections as people meet it: production build, real browser, real
 * pointer events, one per frame. Frame times are the distances between animation frames.
 */
export async function benchCanvas(): Promise<BenchCase[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-canvas-'))
  const configFile = join(import.meta.dirname, 'canvas/vite.config.ts')
  await build({ configFile, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
  const server = await serve(folder)
  const browser = await chromium.launch({
    executablePath: needChromium(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  })
  try {
    const page = await browser.newPage({ viewport: VIEW })
    const { port } = server.address() as AddressInfo
    await page.goto(`http://127.0.0.1:${port}/?nodes=0`)
    await page.waitForSelector('html[data-ready]')
    return await measure(page)
  } finally {
    await browser.close()
    server.close()
    await rm(folder, { recursive: true })
  }
}

async function measure(page: Page): Promise<BenchCase[]> {
  const heapBefore = await heapMb(page)
  const loads: number[] = []
  for (let run = 0; run < 3; run++)
    loads.push(await page.evaluate((nodes) => window.bench.load(nodes), NODES))
  const count = await page.evaluate(() => window.bench.store.document.connections.size)
  if (count !== CONNECTIONS) throw new Error(`the graph has ${count} connections instead of ${CONNECTIONS}`)
  await page.evaluate(() => window.bench.canvas.value!.zoomTo(1))
  await page.waitForTimeout(500)

  const [middleX, middleY] = [VIEW.width / 2, VIEW.height / 2]
  const pan = await rounds(page, () => drag(page, 'middle', middleX, middleY))
  const card = (await page.locator('[data-node-id]').nth(2).boundingBox())!
  const move = await rounds(page, () => drag(page, 'left', card.x + 90, card.y + 18))
  const heap = (await heapMb(page)) - heapBefore
  await page.evaluate(() => window.bench.canvas.value!.fit())
  await page.waitForTimeout(500)
  const overview = await rounds(page, () => drag(page, 'middle', middleX, middleY))

  return [
    { name: 'canvas: load 1,000 nodes', value: Math.round(median(loads)), unit: 'ms', goal: 'value < 500' },
    ...frameCases('pan', pan),
    ...frameCases('drag a node', move),
    ...frameCases('pan with everything in view', overview),
    {
      name: 'canvas: heap of 1,000 nodes',
      value: Math.round(heap * 10) / 10,
      unit: 'MB',
      goal: 'value < 20',
    },
  ]
}

function frameCases(name: string, { median, p95 }: Frames): BenchCase[] {
  return [
    { name: `canvas: ${name}, median frame`, value: median, unit: 'ms', goal: 'value <= 16.7' },
    { name: `canvas: ${name}, 95th percentile`, value: p95, unit: 'ms', goal: 'value < 34' },
  ]
}

/** Moves the pointer in a circle with a button held down. */
async function drag(page: Page, button: 'left' | 'middle', x: number, y: number): Promise<void> {
  await page.mouse.move(x, y)
  await page.mouse.down({ button })
  for (let step = 1; step <= STEPS; step++) {
    const angle = (step / STEPS) * Math.PI * 2
    const [dx, dy] = [Math.sin(angle) * 300, (1 - Math.cos(angle)) * 150]
    await Promise.all([
      page.mouse.move(x + dx, y + dy),
      page.evaluate(() => new Promise(requestAnimationFrame)),
    ])
  }
  await page.mouse.up({ button })
}

/** Three rounds, and the middle one of each figure: one disturbed round does not count. */
async function rounds(page: Page, act: () => Promise<void>): Promise<Frames> {
  const all: Frames[] = []
  for (let round = 0; round < 3; round++) {
    all.push(await frames(page, act))
    await page.waitForTimeout(300)
  }
  return { median: median(all.map((each) => each.median)), p95: median(all.map((each) => each.p95)) }
}

async function frames(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const times: number[] = []
    Object.assign(window, { frameTimes: times, recording: true })
    const record = (now: number) => {
      times.push(now)
      if ((window as unknown as { recording: boolean }).recording) requestAnimationFrame(record)
    }
    requestAnimationFrame(record)
  })
  await act()
  const times = await page.evaluate(() => {
    Object.assign(window, { recording: false })
    return (window as unknown as { frameTimes: number[] }).frameTimes
  })
  const gaps = times.slice(1).map((time, place) => time - times[place]!)
  return { median: percentile(gaps, 0.5), p95: percentile(gaps, 0.95) }
}

async function heapMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize / 1024 / 1024
}

function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 10) / 10
}

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** Serves the built page under the same content policy as the product. */
async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = join(folder, normalize(pathname === '/' ? '/index.html' : pathname))
    readFile(file).then(
      (content) => {
        response.writeHead(200, {
          'content-type': types[extname(file)] ?? 'application/octet-stream',
          'content-security-policy':
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:",
        })
        response.end(content)
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
