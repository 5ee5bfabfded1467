import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Run } from '../../nodes/api/runs.ts'
import { sandboxServices } from '../../runtime/sandbox/accounts.ts'
import type { Sandbox } from '../../runtime/sandbox/sandbox.ts'
import { smsGraph } from '../support/graphs.ts'
import type { Product } from '../support/product.ts'
import { messagesOf, takenTexts } from './truth.ts'

/** Number of the person with this index. */
export const phoneOf = (index: number) => `+1202555${String(100 + index).padStart(4, '0')}`

/** Makes a service on the emulators, some people, and the function `alarm` that texts "Hello …" to all of them. */
export async function prepareAlarm(
  product: Product,
  endpoint: string,
  people: number,
  policy: object = { testMode: false },
): Promise<void> {
  const service = await product.api<{ id: string }>('POST', '/api/sms-services', {
    name: 'Outside the process',
    provider: 'twilio',
    settings: { ...sandboxServices.twilio, endpoint },
    policy,
  })
  const recipients = []
  for (let index = 0; index < people; index++) {
    const person = { name: `Person ${index}`, phone: phoneOf(index) }
    const { body } = await product.api<{ id: string }>('POST', '/api/members', person)
    recipients.push({ kind: 'member' as const, id: body.id })
  }
  const graph = smsGraph({ service: service.body.id, recipients, ports: ['sent', 'partly', 'failed'] })
  const { status } = await product.api('POST', '/api/functions', { title: 'Alarm', name: 'alarm', graph })
  expect(status).toBe(201)
}

/** Starts runs, one after the other, until the server is gone or refuses; notes each that was acknowledged with its text. */
export async function sendUntilGone(
  product: Product,
  nextText: () => string,
  accepted: Map<string, string>,
): Promise<void> {
  for (;;) {
    const who = nextText()
    try {
      const { status, body } = await product.api<Run>('POST', '/api/functions/alarm/runs?wait=0', { who })
      if (status !== 202) return
      accepted.set(body.id, who)
    } catch {
      return
    }
  }
}

/** Waits for the end of a run that was acknowledged. */
export async function finishedRun(product: Product, id: string): Promise<Run> {
  for (;;) {
    const { status, body } = await product.api<Run>('GET', `/api/runs/${id}`)
    expect(status, `the accepted run ${id} is known`).toBe(200)
    if (body.finished !== null) return body
    await wait(50)
  }
}

const READ_AT_ONCE = 50

/**
 * Holds every acknowledged run against the emulators' own record: nobody got a text twice, and whoever is called
 * accepted got it.
 */
export async function compareWithTruth(
  product: Product,
  sandbox: Sandbox,
  accepted: ReadonlyMap<string, string>,
  people: number,
): Promise<Record<string, number>> {
  const states: Record<string, number> = { accepted: 0, unknown: 0 }
  const acceptedTexts: string[] = []
  const ids = [...accepted.keys()]
  for (let next = 0; next < ids.length; next += READ_AT_ONCE) {
    const runs = ids.slice(next, next + READ_AT_ONCE).map((id) => finishedRun(product, id))
    for (const run of await Promise.all(runs)) {
      const messages = messagesOf(run)
      expect(messages).toHaveLength(people)
      for (const [index, { state }] of messages.entries()) {
        states[state] = (states[state] ?? 0) + 1
        if (state === 'accepted') acceptedTexts.push(`${phoneOf(index)} Hello ${accepted.get(run.id)}`)
      }
    }
  }
  const taken = takenTexts(sandbox)
  const missing = acceptedTexts.filter((text) => !taken.has(text))
  expect(missing, 'texts that are called accepted and the provider does not have').toEqual([])
  const repeated = [...taken].filter(([, times]) => times > 1)
  expect(repeated, 'texts that one person got more than once').toEqual([])
  return states
}
