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
  service: SmsProviderName
  process: number
  at: number
  fate: Fate
  /** The provider has the message: a person gets this text. */
  taken: boolean
  providerId: string
  /** Set once the process has heard the answer. */
  told: { outcome: SendOutcome; at: number; wall: number } | undefined
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

  client(name: SmsProviderName): SmsProvider {
    return {
      name,
      send: (message) => this.#send(name, message),
      ...(name === 'twilio' && { lookUp: (message) => this.#lookUp(message) }),
      checkCredentials: async () => ({ ok: true, account: 'simulated' }),
      close: async () => undefined,
    }
  }

  #send(service: SmsProviderName, message: OutgoingSms): Promise<SendOutcome> {
    const { process, now: at } = this.#time
    const name = `${message.text} ${message.to} ${message.attempt}`
    const fate: Fate = weighted<Fate>(drawn(this.#seed, name), weathers[this.weather])
    const providerId = `SM${this.requests.length}`
    const request: WireRequest = {
      ...{ message, service, process, at, fate, taken: false, providerId, told: undefined },
    }
    this.requests.push(request)
    this.#byId.set(message.id, [...this.of(message.id), request])
    this.onSend(request)
    this.onEvent('send')
    // Half of all delays are whole milliseconds, so that several things happen in one turn.
    const delay = (most: number) => {
      const ms = this.#random() * most
      return this.#random() < 0.5 ? Math.ceil(ms) : ms
    }
    const patience = this.#random() < 0.8 ? 200 : 4_000
    const isSilent = fate.startsWith('silent')
    if (takes(fate)) {
      this.#time.after(delay(isSilent ? 25_000 : patience / 2), OUTSIDE, () => {
        // Bytes in the network outlive their process, but not always.
        if (process !== this.#time.process && this.#random() < 0.5) return
        request.taken = true
        this.onEvent('arrival')
      })
    }
    const answerAfter = isSilent ? 30_000 : patience / 2 + delay(patience / 2)
    const outcome = outcomeOf(fate, service, providerId, Math.ceil(this.#random() ** 2 * 150_000))
    return new Promise((resolve) => {
      this.#time.after(answerAfter, process, () => {
        request.told = { outcome, at: this.#time.now, wall: this.#time.wall }
        this.onEvent('answer')
        resolve(outcome)
      })
    })
  }

  #lookUp(message: OutgoingSms): Promise<LookUp> {
    this.onLookUp(message.id)
    const isReachable = drawn(this.#seed, `look-up ${message.text} ${this.#time.happened}`) < 0.8
    const matches = this.of(message.id)
      .filter(({ taken }) => taken)
      .map(({ providerId }): FoundSms => ({ isExact: true, providerId, status: 'delivered' }))
    const found: LookUp = matches.length > 0 ? { state: 'found', matches } : { state: 'absent' }
    const error = failure('twilio', '503', 'provider')
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

function outcomeOf(
  fate: Fate,
  service: SmsProviderName,
  providerId: string,
  retryAfterMs: number,
): SendOutcome {
  switch (fate) {
    case 'accepted':
      return { state: 'accepted', providerId, segments: 1 }
    case 'rejected':
      return { state: 'rejected', error: failure(service, '21211', 'recipient') }
    case 'throttled':
      return { state: 'throttled', error: failure(service, '20429', 'provider') }
    case 'throttled-for-a-while':
      return { state: 'throttled', error: failure(service, '20429', 'provider'), retryAfterMs }
    case 'unreachable':
      return { state: 'unreachable', error: failure(service, 'ECONNREFUSED', 'network') }
    case 'unknown-taken':
    case 'unknown-not-taken':
      return { state: 'unknown', error: failure(service, 'ECONNRESET', 'network') }
    case 'silent-taken':
    case 'silent-not-taken':
      return { state: 'unknown', error: failure(service, 'TIMEOUT', 'network') }
  }
}

function failure(
  provider: SmsProviderName,
  providerCode: string,
  about: 'recipient' | 'provider' | 'network',
): SendFailure {
  return { provider, providerCode, about, message: 'simulated' }
}
