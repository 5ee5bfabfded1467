import type { Assignment } from '../../nodes/execution.ts'
import type { Json } from '../../nodes/json.ts'
import type { StepRecord } from './ledger.ts'

/**
 * A step that ended well with no more than variables or a result, as most do: its path, the index of its kind, what it
 * assigned (0: nothing), its result.
 */
type PlainStep =
  | [path: string, kind: number]
  | [path: string, kind: number, assign: Assignment]
  | [path: string, kind: number, assign: Assignment | 0, result: Json]

interface StepsText {
  /** Node type and the port it was left by. */
  kinds: [type: string, port: string | null][]
  /** Milliseconds. A plain step that stands in none of them began when the one before it ended, and took no time. */
  times: [index: number, started: number, took: number][]
  /** In the order of the records; those that are not plain stand there whole. */
  steps: (PlainStep | StepRecord)[]
}

/** Steps as one column holds them. A plain one takes a tenth of what its record would. */
export function writeSteps(steps: readonly StepRecord[]): string {
  if (steps.length === 0) return '[]'
  const text: StepsText = { kinds: [], times: [], steps: [] }
  let before = 0
  for (const [index, step] of steps.entries()) {
    const finished = step.finished ?? step.started
    if (isPlain(step)) {
      if (step.started !== before || finished !== before) {
        text.times.push([index, step.started, finished - step.started])
      }
      text.steps.push(plainStep(step, kindOf(step, text.kinds)))
    } else {
      text.steps.push(step)
    }
    before = finished
  }
  return JSON.stringify(text)
}

/** @param text also as it was before steps were shortened: a list of records */
export function readSteps(text: string | null): StepRecord[] {
  const parsed = JSON.parse(text ?? '[]') as StepsText | StepRecord[]
  if (Array.isArray(parsed)) return parsed
  const times = new Map(parsed.times.map(([index, started, took]) => [index, { started, took }]))
  let before = 0
  return parsed.steps.map((step, index) => {
    const { started, took } = times.get(index) ?? { started: before, took: 0 }
    const record = Array.isArray(step) ? readPlain(step, parsed.kinds, started, started + took) : step
    before = record.finished ?? record.started
    return record
  })
}

function isPlain(step: StepRecord): boolean {
  return (
    step.status === 'done' &&
    step.finished !== null &&
    step.followed === undefined &&
    step.input === undefined &&
    step.error === undefined &&
    step.begun === undefined &&
    step.keeps === undefined &&
    step.stopped === undefined &&
    step.carried === undefined &&
    step.xRay === undefined &&
    step.notExecuted === undefined &&
    step.standIn === undefined
  )
}

function kindOf({ type, port }: StepRecord, kinds: StepsText['kinds']): number {
  const kind = kinds.findIndex((each) => each[0] === type && each[1] === port)
  return kind < 0 ? kinds.push([type, port]) - 1 : kind
}

function plainStep({ path, assign, result }: StepRecord, kind: number): PlainStep {
  if (result !== undefined) return [path, kind, assign ?? 0, result]
  return assign ? [path, kind, assign] : [path, kind]
}

function readPlain(
  [path, kind, assign, result]: PlainStep,
  kinds: StepsText['kinds'],
  started: number,
  finished: number,
): StepRecord {
  const [type, port] = kinds[kind]!
  return {
    path,
    node: path.slice(path.lastIndexOf('/') + 1),
    type,
    status: 'done',
    port,
    ...(assign && { assign }),
    ...(result !== undefined && { result }),
    started,
    finished,
  }
}
