import type {
  FoundSms,
  LookUp,
  OutgoingSms,
  SendFailure,
  SendOutcome,
  SmsProvider,
} from '../../nodes/services/sms/provider.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import { drawn, weighted } from './random.ts'
import { OUTSIDE } from './time.ts'
import type { SimulatedTime } from './time.ts'
import { contentOf, services } from './town.ts'
import type { ServiceName } from './town.ts'

/** Messages that one request can carry, where it can carry several. */
const MOST_IN_BATCH = 3

/** What becomes of one wire request. `silent`: no answer within the client's deadline. */
type Fate =
  | 'accepted'
  | 'rejected'
  | 'throttled'
  | 'throttled-for-a-while'
  | 'unreachable'
  | 'unknown-taken'
  | 'unknown-not-taken'
  | 'silent-taken'
  | 'silent-not-taken'

/** How a provider behaves on the whole. */
export const weathers = {
  fair: [
    [20, 'accepted'],
    [1, 'rejected'],
    [1, 'throttled'],
  ],
  mixed: [
    [8, 'accepted'],
    [2, 'rejected'],
    [2, 'throttled'],
    [2, 'throttled-for-a-while'],
    [2, 'unreachable'],
    [1, 'unknown-taken'],
    [1, 'unknown-not-taken'],
    [1, 'silent-taken'],
    [1, 'silent-not-taken'],
  ],
  busy: [
    [1, 'accepted'],
    [3, 'throttled'],
    [3, 'throttled-for-a-while'],
  ],
  broken: [
    [1, 'accepted'],
    [3, 'unreachable'],
    [1, 'throttled'],
    [1, 'unknown-taken'],
    [1, 'silent-taken'],
    [1, 'silent-not-taken'],
  ],
  perfect: [[1, 'accepted']],
} as const satisfies Record<string, readonly (readonly [number, Fate])[]>
export type Weather = keyof typeof weathers

/** A wire request as it really was, whatever the ledger says. */
export interface WireRequest {
  message: OutgoingSms
  service: ServiceName
  /** Id of the first message of the same wire request. */
  batch: string
  batchSize: number
  process: number
  at: number
  fate: Fate
  /** The provider has the message: a person gets this text. */
  taken: boolean
  providerId: string
  /** Set once the process has heard the answer. */
  told: { outcome: SendOutcome; at: number; putForwardMs: number } | undefined
}

/** The provider's whole side: what was asked, what it took, and what it said. Its list is the truth. */
export class SimulatedProvider {
  readonly requests: WireRequest[] = []
  weather: Weather
  /** Told of each request before anything becomes of it. */
  onSend: (request: WireRequest) => void = () => undefined
  onLookUp: (id: string) => void = () => undefined
  onEvent: (event: 'send' | 'arrival' | 'answer') => void = () => undefined
  readonly #byId = new Map<string, WireRequest[]>()
  readonly #time: SimulatedTime
  readonly #seed: number
  readonly #random: () => number

  constructor(time: SimulatedTime, seed: number, random: () => number, weather: Weather) {
    this.#time = time
    this.#seed = seed
    this.#random = random
    this.weather = weather
  }

  /** All requests of one message, in order. */
  of(id: string): readonly WireRequest[] {
    return this.#byId.get(id) ?? []
  }

  /** Requests that the living process waits for. */
  openRequests(): WireRequest[] {
    return this.requests.filter(({ told, process }) => !told && process === this.#time.process)
  }

  client(service: ServiceName): SmsProvider {
    const name = services[service].provider
    return {
      name,
      send: async (message) => (await this.#send(service, [message]))[0]!,
      ...(name !== 'aws-sns' && { lookUp: (message) => this.#lookUp(name, message) }),
      ...(name === 'alibaba' && {
        batchSize: (messages) => Math.min(messages.length, MOST_IN_BATCH),
        sendBatch: (messages) => this.#send(service, messages),
      }),
      checkCredentials: async () => ({ ok: true, account: 'simulated' }),
      close: async () => undefined,
    }
  }

  /** One wire request; what happens on the wire happens to all its messages. */
  #send(service: ServiceName, messages: readonly OutgoingSms[]): Promise<SendOutcome[]> {
    const { process } = this.#time
    const patience = this.#random() < 0.8 ? 200 : 4_000
    const first = this.#fateOf(messages[0]!)
    const isSilent = first.startsWith('silent')
    const retryAfterMs = Math.ceil(this.#random() ** 2 * 150_000)
    const requests = messages.map((message) => {
      const own = this.#fateOf(message)
      const fate = isVerdict(first) ? (isVerdict(own) ? own : 'accepted') : first
      return this.#begin({ message, service, batch: messages[0]!.id, batchSize: messages.length, fate })
    })
    for (const request of requests) this.onSend(request)
    this.onEvent('send')
    this.#time.after(this.#delay(isSilent ? 25_000 : patience / 2), OUTSIDE, () => {
      // Bytes in the network outlive their process, but not always.
      if (process !== this.#time.process && this.#random() < 0.5) return
      for (const request of requests) request.taken = takes(request.fate)
      this.onEvent('arrival')
    })
    return new Promise((resolve) => {
      this.#time.after(isSilent ? 30_000 : patience / 2 + this.#delay(patience / 2), process, () => {
        const outcomes = requests.map((request) => outcomeOf(request, retryAfterMs))
        for (const [index, outcome] of outcomes.entries()) {
          requests[index]!.told = { outcome, at: this.#time.now, putForwardMs: this.#time.putForwardMs }
        }
        this.onEvent('answer')
        resolve(outcomes)
      })
    })
  }

  #begin(request: Pick<WireRequest, 'message' | 'service' | 'batch' | 'batchSize' | 'fate'>): WireRequest {
    const { process, now: at } = this.#time
    const providerId = `SM${this.requests.length}`
    const begun: WireRequest = { ...request, process, at, taken: false, providerId, told: undefined }
    this.requests.push(begun)
    this.#byId.set(request.message.id, [...this.of(request.message.id), begun])
    return begun
  }

  #fateOf(message: OutgoingSms): Fate {
    const name = `${contentOf(message)} ${message.to} ${message.attempt}`
    return weighted<Fate>(drawn(this.#seed, name), weathers[this.weather])
  }

  /** Half of all delays are whole milliseconds, so that several things happen in one turn. */
  #delay(most: number): number {
    const ms = this.#random() * most
    return this.#random() < 0.5 ? Math.ceil(ms) : ms
  }

  #lookUp(name: SmsProviderName, message: OutgoingSms): Promise<LookUp> {
    this.onLookUp(`${message.id} ${message.to}`)
    const isReachable = drawn(this.#seed, `look-up ${message.id} ${this.#time.happened}`) < 0.8
    // The provider knows a request by the id of its first message, and each text of it by its number.
    const matches = this.requests
      .filter((each) => each.taken && each.batch === message.id && each.message.to === message.to)
      .map(({ providerId }): FoundSms => ({ isExact: true, providerId, status: 'delivered' }))
    const found: LookUp = matches.length > 0 ? { state: 'found', matches } : { state: 'absent' }
    const error = failure(name, '503', 'provider')
    const answer: LookUp =
      isReachable || this.weather === 'perfect' ? found : { state: 'cannot-tell', isReachable: false, error }
    return new Promise((resolve) => {
      this.#time.after(this.#random() * 100, this.#time.process, () => resolve(answer))
    })
  }
}

function takes(fate: Fate): boolean {
  return fate === 'accepted' || fate === 'unknown-taken' || fate === 'silent-taken'
}

/** What the provider decides about one message, rather than what happens on the way. */
function isVerdict(fate: Fate): boolean {
  return fate === 'accepted' || fate === 'rejected'
}

function outcomeOf({ fate, service, providerId }: WireRequest, retryAfterMs: number): SendOutcome {
  const { provider } = services[service]
  switch (fate) {
    case 'accepted':
      return { state: 'accepted', providerId, segments: 1 }
    case 'rejected':
      return { state: 'rejected', error: failure(provider, '21211', 'recipient') }
    case 'throttled':
      return { state: 'throttled', error: failure(provider, '20429', 'provider') }
    case 'throttled-for-a-while':
      return { state: 'throttled', error: failure(provider, '20429', 'provider'), retryAfterMs }
    case 'unreachable':
      return { state: 'unreachable', error: failure(provider, 'ECONNREFUSED', 'network') }
    case 'unknown-taken':
    case 'unknown-not-taken':
      return { state: 'unknown', error: failure(provider, 'ECONNRESET', 'network') }
    case 'silent-taken':
    case 'silent-not-taken':
      return { state: 'unknown', error: failure(provider, 'TIMEOUT', 'network') }
  }
}

function failure(
  provider: SmsProviderName,
  providerCode: string,
  about: 'recipient' | 'provider' | 'network',
): SendFailure {
  return { provider, providerCode, about, message: 'simulated' }
}
