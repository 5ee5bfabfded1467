import { Pool } from 'undici'
import { sandboxMessage } from '../nodes/api/sandbox.ts'
import { readPhone } from '../runtime/directory/phone.ts'
import { startProduct, TEST_TOKEN } from '../test/support/product.ts'
import type { Product } from '../test/support/product.ts'
import type { BenchCase } from './case.ts'
import { percentile } from './support/load.ts'

const PER_SECOND = 50
const SECONDS = 8
const WARM_UP = 100

/** From the request for a sign-in code to its text on the phone, at a steady rate, through the sandbox of the same process. */
export async function benchLogin(): Promise<BenchCase[]> {
  const product = await startProduct()
  const method = await prepare(product)
  const arrivals = new Map<string, (at: number) => void>()
  const pool = new Pool(product.url, { connections: 16 })
  const following = new AbortController()
  const followed = follow(product, following.signal, (to) => arrivals.get(to)?.(performance.now()))

  const latencies: number[] = []
  const signIn = async (index: number): Promise<void> => {
    const phone = fictitious[index]!
    const arrived = new Promise<number>((resolve) => arrivals.set(phone, resolve))
    const asked = performance.now()
    const { statusCode, body } = await pool.request({
      path: '/auth/sms/request',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ method, phone }),
    })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`A code was refused: ${statusCode} ${text}`)
    latencies.push((await arrived) - asked)
  }
  for (let index = 0; index < WARM_UP; index++) await signIn(index)
  latencies.length = 0
  const begin = performance.now()
  const all: Promise<void>[] = []
  for (let count = 0; count < PER_SECOND * SECONDS; count++) {
    const due = begin + (count * 1_000) / PER_SECOND
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
    all.push(signIn(WARM_UP + count))
  }
  await Promise.all(all)
  latencies.sort((one, other) => one - other)

  following.abort()
  await followed
  await pool.close()
  await product.stop()
  const name = `sign-in: asked for a code, text on the phone, ${PER_SECOND} a second`
  return [
    { name: `${name}, p50`, value: percentile(latencies, 0.5), unit: 'ms', goal: 'value < 15' },
    { name: `${name}, p99`, value: percentile(latencies, 0.99), unit: 'ms' },
  ]
}

/** One number of each area code: the rules against pumping look at neighbouring numbers. */
const fictitious = Array.from({ length: 800 }, (_, index) => `+1${200 + index}5550101`).filter(
  (phone) => readPhone(phone, 'US').phoneProblem === undefined,
)

async function prepare(product: Product): Promise<string> {
  const { body: services } = await product.api<{ id: string }[]>('GET', '/api/sms-services')
  const { body } = await product.api<{ id: string }>('POST', '/api/login-methods', {
    name: 'Bench',
    service: services[0]!.id,
    templateText: 'Your code is ${code}.',
    countries: ['+1'],
    dailyCodes: 100_000,
  })
  return body.id
}

/** Tells of each text that reaches a phone of the sandbox. */
async function follow(product: Product, signal: AbortSignal, heard: (to: string) => void): Promise<void> {
  const headers = { authorization: `Bearer ${TEST_TOKEN}` }
  const response = await fetch(`${product.url}/api/sandbox/events`, { headers, signal })
  let rest = ''
  try {
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + part).split('\n')
      rest = lines.pop()!
      for (const line of lines) {
        if (line.startsWith('data:')) heard(sandboxMessage.parse(JSON.parse(line.slice(5))).to)
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
