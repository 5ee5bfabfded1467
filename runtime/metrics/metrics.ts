import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Database } from '../store/database.ts'
import { version } from '../version.ts'
import type { Figures } from './figures.ts'
import { metric } from './instruments.ts'
import type { Sample } from './instruments.ts'

/** How often the event loop is looked at, in milliseconds. */
const LOOP_LOOK_MS = 20
const NS_PER_SECOND = 1e9

export interface MetricSources {
  figures: Figures
  database: Database
  /** Runs in memory. */
  liveRuns: () => number
  /** Wire requests under way. */
  requests: () => number
  /** Since when the message waits that has waited longest for its turn, milliseconds since 1970. */
  waitingSince: () => number | undefined
  isDiskLow: () => boolean
  now: () => number
}

/** What `GET /metrics` answers: what was counted, and how it stands at this moment. */
export class Metrics {
  readonly #on: MetricSources
  /** Looks at the event loop from the first scrape on: where nobody asks, nothing wakes the process. */
  #loop: ReturnType<typeof monitorEventLoopDelay> | undefined

  constructor(sources: MetricSources) {
    this.#on = sources
  }

  render(): string {
    return `${this.#on.figures.render()}${this.#runs()}${this.#messages()}${this.#process()}`
  }

  close(): void {
    this.#loop?.disable()
  }

  #runs(): string {
    const { liveRuns } = this.#on
    const waiting = this.#count(sql.parked)
    const quarantined = this.#count(sql.quarantined)
    return metric(
      'sms_logic_runs_open',
      'gauge',
      'Runs that have not ended: in memory, waiting outside of it, or held until a person decides.',
      [
        { labels: { state: 'running' }, value: liveRuns() },
        { labels: { state: 'waiting' }, value: waiting },
        { labels: { state: 'quarantined' }, value: quarantined },
      ],
    )
  }

  #messages(): string {
    const { requests, waitingSince, now } = this.#on
    const since = waitingSince()
    const age = since === undefined ? 0 : Math.max(0, now() - since) / 1_000
    const unknown = this.#on.database.prepare(sql.unknown).all() as { phase: string; count: number }[]
    const phases = ['waiting', 'absent', 'final', 'resending']
    const countOf = (phase: string) => unknown.find((each) => each.phase === phase)?.count ?? 0
    return [
      metric(
        'sms_logic_messages_unknown',
        'gauge',
        'Messages of which nobody knows whether they were sent, by where their look-ups stand.',
        phases.map((phase) => ({ labels: { phase }, value: countOf(phase) })),
      ),
      one(
        'sms_logic_oldest_waiting_message_seconds',
        'How long the message waits that has waited longest for its turn.',
        age,
      ),
      one(
        'sms_logic_provider_requests_in_flight',
        'Wire requests whose outcome is not known yet.',
        requests(),
      ),
    ].join('')
  }

  #process(): string {
    const { user, system } = process.cpuUsage()
    const started = Math.floor(Date.now() / 1_000 - process.uptime())
    return [
      metric(
        'sms_logic_event_loop_delay_seconds',
        'gauge',
        'How late the event loop was since the last scrape: its median, 99th percentile and maximum.',
        this.#loopDelays(),
      ),
      one(
        'sms_logic_disk_low',
        '1 while the disk has no room for further runs.',
        this.#on.isDiskLow() ? 1 : 0,
      ),
      metric('sms_logic_build_info', 'gauge', 'The version that runs.', [{ labels: { version }, value: 1 }]),
      one('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
      one('process_start_time_seconds', 'When the process began, seconds since 1970.', started),
      metric('process_cpu_seconds_total', 'counter', 'CPU time, user and system.', [
        { labels: {}, value: (user + system) / 1e6 },
      ]),
    ].join('')
  }

  #loopDelays(): Sample[] {
    if (!this.#loop) {
      this.#loop = monitorEventLoopDelay({ resolution: LOOP_LOOK_MS })
      this.#loop.enable()
    }
    const loop = this.#loop
    // what it measures is from look to look
    const late = (nanoseconds: number) =>
      loop.count === 0 ? 0 : Math.max(0, nanoseconds / NS_PER_SECOND - LOOP_LOOK_MS / 1_000)
    const values = { 0.5: loop.percentile(50), 0.99: loop.percentile(99), 1: loop.max }
    const samples = Object.entries(values)
      .sort(([one], [other]) => Number(one) - Number(other))
      .map(([quantile, value]) => ({ labels: { quantile }, value: late(value) }))
    loop.reset()
    return samples
  }

  #count(text: string): number {
    return (this.#on.database.prepare(text).get() as { count: number }).count
  }
}

/** Each reads an index of the few rows that it counts. */
const sql = {
  parked: `
    SELECT count(*) AS count FROM run INDEXED BY run_parked WHERE finished IS NULL AND wake_at IS NOT NULL`,
  quarantined: `
    SELECT count(*) AS count FROM run INDEXED BY run_held WHERE finished IS NULL AND status = 'quarantined'`,
  unknown: 'SELECT phase, count(*) AS count FROM reconciliation GROUP BY phase',
}

function one(name: string, help: string, value: number): string {
  return metric(name, 'gauge', help, [{ labels: {}, value }])
}
