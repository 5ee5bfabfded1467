import type { RunError, RunSourceKind } from '../../nodes/api/runs.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import type {
  AttemptRow,
  Caller,
  MessageOptions,
  MessageRow,
  RunRow,
  RunSource,
  StepRecord,
} from './ledger.ts'
import { readSteps } from './steps-text.ts'

export type Row = Record<string, unknown>
export type Parameter = string | number | null

export function messageParameters(message: MessageRow): Parameter[] {
  return [
    message.runId,
    message.number,
    message.path,
    message.serviceId,
    message.memberId,
    message.name,
    message.phone,
    JSON.stringify(message.reasons),
    JSON.stringify(message.body),
    message.state,
    message.skipped ?? null,
    message.attempts,
    message.error ? JSON.stringify(message.error) : null,
    message.created,
    message.updated,
    message.options ? JSON.stringify(message.options) : null,
  ]
}

const parsed = <T>(text: unknown): T | null => (text === null ? null : (JSON.parse(text as string) as T))
const optional = <T>(value: unknown): T | undefined => (value === null ? undefined : (value as T))

export function readRun(row: Row): RunRow {
  return {
    id: row['id'] as string,
    functionName: row['function_name'] as string,
    version: row['version'] as string,
    trigger: row['trigger'] as RunRow['trigger'],
    status: row['status'] as RunRow['status'],
    input: parsed<JsonObject>(row['input']) ?? {},
    output: parsed<Json>(row['output']),
    error: parsed<RunError>(row['error']),
    cancelled: row['cancelled'] === 1,
    created: row['created'] as number,
    finished: row['finished'] as number | null,
    dryRun: optional<RunRow['dryRun'] & string>(row['dry_run']),
    caller: readCaller(row),
    triggerId: optional<string>(row['trigger_id']),
    source: readSource(row),
  }
}

function readSource(row: Row): RunSource | undefined {
  const runId = row['source_run'] as string | null
  return runId === null ? undefined : { runId, kind: row['source_kind'] as RunSourceKind }
}

function readCaller(row: Row): Caller | undefined {
  const runId = row['caller_run'] as string | null
  if (runId === null) return undefined
  return { runId, path: row['caller_path'] as string, depth: row['caller_depth'] as number }
}

/** The rows of `selectRecords`. */
export function readRecords(rows: readonly Row[]): { steps: StepRecord[]; nextRecord: number } {
  const steps = new Map<string, StepRecord>()
  let nextRecord = 0
  for (const row of rows) {
    const part = readSteps(row['steps'] as string | null)
    const number = row['number'] as number
    // What shared the row of its run's acceptance had the number 0.
    if (number < LAST_RECORD)
      nextRecord = Math.max(nextRecord, Math.max(0, number) + Math.max(1, part.length))
    for (const step of part) {
      // behind those that ended before it
      steps.delete(step.path)
      steps.set(step.path, step)
    }
  }
  return { steps: [...steps.values()], nextRecord }
}
/** The number that the statement gives to the steps that were written with the end of the run. */
const LAST_RECORD = 9e15

export function readMessage(row: Row): MessageRow {
  return {
    runId: row['run_id'] as string,
    number: row['number'] as number,
    path: row['path'] as string,
    serviceId: row['service_id'] as string,
    memberId: row['member_id'] as string,
    name: row['name'] as string,
    phone: row['phone'] as string,
    reasons: JSON.parse(row['reasons'] as string) as MessageRow['reasons'],
    body: JSON.parse(row['body'] as string) as MessageRow['body'],
    state: row['state'] as MessageRow['state'],
    skipped: optional(row['skipped']),
    attempts: row['attempts'] as number,
    wakeAt: optional(row['wake_at']),
    providerId: optional(row['provider_id']),
    segments: optional(row['segments']),
    error: parsed<MessageRow['error'] & object>(row['error']) ?? undefined,
    options: parsed<MessageOptions>(row['options']) ?? undefined,
    delivery: optional(row['delivery']),
    deliveryCode: optional(row['delivery_code']),
    deliveryConflict: row['delivery_conflict'] === 1 || undefined,
    created: row['created'] as number,
    updated: row['updated'] as number,
  }
}

export function readAttempt(row: Row): AttemptRow {
  return {
    attempt: row['attempt'] as number,
    started: row['started'] as number,
    finished: row['finished'] as number,
    outcome: row['outcome'] as AttemptRow['outcome'],
    serviceId: optional(row['service_id']),
    evidence: JSON.parse(row['evidence'] as string) as JsonObject,
  }
}
