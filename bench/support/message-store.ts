import { encodeTime } from 'ulid'
import type { Database } from '../../runtime/store/database.ts'

/** How the messages of a generated store ended, in thousandths. */
const shares = [
  ['accepted', 930],
  ['suppressed', 45],
  ['rejected', 18],
  ['unknown', 5],
  ['cancelled', 1],
  ['expired', 1],
] as const

const functions = [
  'night-shift-alarm',
  'order-shipped',
  'appointment-reminder',
  'payroll-notice',
  'rare-function',
]
const errors = {
  rejected: {
    code: 'SMS_REJECTED',
    provider: 'twilio',
    providerCode: '21211',
    about: 'recipient',
    message: "The 'To' number is not a valid phone number.",
  },
  unknown: {
    code: 'SMS_OUTCOME_UNKNOWN',
    provider: 'twilio',
    providerCode: 'ECONNRESET',
    about: 'network',
    message: 'The connection broke after the request had left',
  },
}
/** Time between two runs. */
const STEP_MS = 7_000

export interface GeneratedStore {
  /** Who is in one message of every 50,000. */
  rareMember: string
  rareFunction: string
  rareService: string
  /** Id of a message in the middle. */
  somewhere: string
}

/**
 * Fills a store with finished runs: most text one person, one in fifty texts 100 people, as the engine writes them.
 * @param count messages at least
 */
export function generateMessages(database: Database, count: number): GeneratedStore {
  const run = database.prepare(`
    INSERT INTO run (id, function_name, version, trigger, status, input, created, finished, first_steps, last_steps, output)
    VALUES (?, ?, 'hash', 'http', 'done', '{"device":"Pump 7"}', ?, ?, ?, ?, '1')`)
  const message = database.prepare(`
    INSERT INTO message (run_id, number, path, service_id, member_id, name, phone, reasons, body, state, skipped,
                         attempts, provider_id, segments, error, created, updated)
    VALUES (?, ?, 'notify-0001', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const random = mulberry(7)
  const end = Date.now() - 60_000
  const runs = Math.ceil(count / 2.98)
  let made = 0
  let somewhere = ''
  for (let first = 0; made < count; first += 2_000) {
    database.transaction(() => {
      for (let index = first; index < first + 2_000 && made < count; index++) {
        const created = end - (runs - index) * STEP_MS
        const id = encodeTime(created, 10) + String(index).padStart(16, '0')
        const isRare = index % 16_000 === 11
        const size = index % 50 === 3 ? 100 : 1
        run.run(id, functions[isRare ? 4 : index % 4]!, created, created + 90, steps('first'), steps('last'))
        for (let number = 0; number < size; number++) {
          insert(id, number, created, isRare)
          made++
        }
        if (made < count / 2) somewhere = `${id}-0`
      }
    })
  }
  return { rareMember: 'member-rare', rareFunction: 'rare-function', rareService: 'service-rare', somewhere }

  function insert(id: string, number: number, created: number, isRare: boolean) {
    const state = pick(random())
    const person = Math.floor(random() * 20_000)
    const error = state === 'rejected' || state === 'unknown' ? JSON.stringify(errors[state]) : null
    message.run(
      id,
      number,
      isRare ? 'service-rare' : `01JSERVICE0000000000000000${person % 3}`.slice(0, 26),
      isRare && number === 0 ? 'member-rare' : `01JMEMBER00000000000${String(person).padStart(6, '0')}`,
      `Person ${person}`,
      `+1202555${String(person).padStart(5, '0')}`,
      '[{"kind":"department","id":"01JDEPARTMENT00000000000001","includeSubDepartments":true}]',
      JSON.stringify({ text: `Pump ${person % 40} needs help: valve open since ${created % 60} minutes` }),
      state,
      state === 'suppressed' ? 'no-phone' : null,
      state === 'suppressed' ? 0 : 1,
      state === 'accepted' ? `SM${String(created).padStart(32, '0')}` : null,
      state === 'accepted' ? 1 : null,
      error,
      created,
      created + 80,
    )
  }
}

function pick(random: number): string {
  let rest = random * 1_000
  for (const [state, share] of shares) {
    rest -= share
    if (rest < 0) return state
  }
  return 'accepted'
}

function steps(name: string): string {
  const step = {
    path: name,
    node: name,
    type: 'condition',
    status: 'done',
    port: 'next',
    started: 1,
    finished: 2,
  }
  return JSON.stringify([
    step,
    { ...step, input: { device: 'Pump 7', text: 'a value of some length, as steps have' } },
  ])
}

/** Small generator of equally spread numbers in [0, 1), the same for the same seed. */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
