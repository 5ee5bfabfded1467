import type { Run, RunOutcome, RunStep, RunSummary } from '../../nodes/api/runs.ts'
import { isSingle } from '../../nodes/execution.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import { maskPhone } from '../../nodes/messages.ts'
import type { MessageReport } from '../../nodes/messages.ts'
import type { MessageRow, RunRow, StepRecord } from '../ledger/ledger.ts'

/** The run as the library, the command line and HTTP answer it. */
export function describeRun(run: RunRow, steps: readonly StepRecord[], messages: readonly MessageRow[]): Run {
  return { ...describeOutcome(run), steps: describeSteps(steps, messages) }
}

export function describeOutcome(run: RunRow): RunOutcome {
  return {
    ...describeRunSummary(run),
    input: run.trigger === 'test' ? maskedInput(run.input) : run.input,
    output: run.output,
    error: run.error,
  }
}

function describeSteps(steps: readonly StepRecord[], messages: readonly MessageRow[]): RunStep[] {
  if (steps.length < 8) {
    return steps.map((step) =>
      describeStep(
        step,
        messages.filter(({ path }) => path === step.path),
      ),
    )
  }
  const byPath = Map.groupBy(messages, ({ path }) => path)
  return steps.map((step) => describeStep(step, byPath.get(step.path) ?? []))
}

/** Of a test send: nobody needs the whole number any more. */
function maskedInput(input: JsonObject): JsonObject {
  return { ...input, phone: maskPhone(String(input['phone'])) }
}

export function describeRunSummary(run: RunRow): RunSummary {
  return {
    id: run.id,
    functionName: run.functionName,
    version: run.version,
    trigger: run.trigger,
    ...(run.triggerId !== undefined && { triggerId: run.triggerId }),
    ...(run.source && { source: { run: run.source.runId, kind: run.source.kind } }),
    ...(run.dryRun && { dryRun: run.dryRun }),
    ...(run.caller && { caller: { run: run.caller.runId, path: run.caller.path } }),
    status: run.status,
    created: time(run.created),
    finished: run.finished === null ? null : time(run.finished),
  }
}

export function describeStep(step: StepRecord, messages: readonly MessageRow[]): RunStep {
  const output = outputOf(step)
  return {
    path: step.path,
    nodeId: step.node,
    nodeType: step.type,
    status: step.status,
    port: step.port,
    ...(step.input !== undefined && { input: step.input }),
    ...(output !== undefined && { output }),
    ...(step.error && { error: step.error }),
    ...(step.xRay && { xRay: step.xRay }),
    ...(step.notExecuted && { notExecuted: true }),
    ...(step.standIn && { standIn: step.standIn }),
    started: time(step.started),
    finished: step.finished === null ? null : time(step.finished),
    ...((messages.length > 0 || step.carried) && {
      messages: [...(step.carried ?? []), ...messages.map(describeMessage)],
    }),
  }
}

/** Numbers are masked here, once, for everybody. */
export function describeMessage(message: MessageRow): MessageReport {
  return {
    id: messageId(message),
    memberId: message.memberId,
    name: message.name,
    phone: maskPhone(message.phone),
    state: message.state,
    ...(message.skipped && { reason: message.skipped }),
    ...(message.wakeAt !== undefined && { waitsUntil: time(message.wakeAt) }),
    attempts: message.attempts,
    ...(message.providerId !== undefined && { providerId: message.providerId }),
    ...(message.segments !== undefined && { segments: message.segments }),
    ...(message.error && { error: message.error }),
    ...(message.delivery && { delivery: message.delivery }),
    ...(message.deliveryCode && { deliveryCode: message.deliveryCode }),
    ...(message.deliveryConflict && { deliveryConflict: true }),
    at: time(message.updated),
  }
}

/** The message's id outside the ledger, and the token that the provider gets where its protocol has room for one. */
export function messageId(message: Pick<MessageRow, 'runId' | 'number'>): string {
  return `${message.runId}-${message.number}`
}

/** What later steps see of a recorded step: its record, together with the messages, which have a table of their own. */
export function recordedResult(step: StepRecord, messages: readonly MessageRow[]): Json | undefined {
  const { result, carried = [] } = step
  if (result === undefined || messages.length + carried.length === 0) return result
  const all = [...carried, ...messages.map(describeMessage)]
  return { ...(result as JsonObject), messages: all as unknown as Json }
}

/** The id under which the provider knows the request: that of the first message where it carried several. */
export function requestId({ runId, number, options }: MessageRow): string {
  return messageId({ runId, number: options?.batch ?? number })
}

function outputOf(step: StepRecord): Json | undefined {
  const { result, assign } = step
  if (result !== undefined || !assign) return result
  return isSingle(assign) ? { [assign[0]]: assign[1] } : assign
}

let latestSecond = -1
let secondText = ''

/** ISO 8601. The text of a second is made once: the times of a busy moment differ in their milliseconds only. */
function time(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1_000)
  if (second !== latestSecond) {
    latestSecond = second
    secondText = new Date(second * 1_000).toISOString().slice(0, -4)
  }
  return `${secondText}${String(milliseconds - second * 1_000).padStart(3, '0')}Z`
}
