import type { Run, RunEvent, RunStep } from '../../nodes/api/runs.ts'
import { isDeliveryEnd } from '../../nodes/delivery.ts'
import type { MessageReport } from '../../nodes/messages.ts'

/** What the canvas shows on a node while or after a run. */
export type NodeRunState = 'running' | 'done' | 'failed' | 'partly'

/** The run after one event of its stream. Unknown steps of a message wait for their `step` event. */
export function applyRunEvent(run: Run | null, event: RunEvent): Run | null {
  switch (event.type) {
    case 'snapshot':
    case 'finished':
      return run?.followers ? { ...event.run, followers: run.followers } : event.run
    case 'step':
      return run && { ...run, steps: replaceStep(run.steps, event.step) }
    case 'message':
      return (
        run && {
          ...run,
          steps: run.steps.map((step) =>
            step.path === event.path
              ? { ...step, messages: replaceMessage(step.messages ?? [], event.message) }
              : step,
          ),
        }
      )
  }
}

function replaceStep(steps: readonly RunStep[], step: RunStep): RunStep[] {
  const at = steps.findIndex((each) => each.path === step.path)
  if (at < 0) return [...steps, step]
  // a step event may be shorter than what the messages already told
  return steps.with(at, { ...step, messages: step.messages ?? steps[at]!.messages })
}

function replaceMessage(messages: readonly MessageReport[], message: MessageReport): MessageReport[] {
  const at = messages.findIndex((each) => each.id === message.id)
  return at < 0 ? [...messages, message] : messages.with(at, message)
}

/** The state of each node that the run reached; the last step of a node counts. */
export function nodeRunStates(run: Pick<Run, 'steps'> | null): Map<string, NodeRunState> {
  return new Map(run?.steps.map((step) => [step.nodeId, stepState(step)]) ?? [])
}

/** A finished SMS step that left by another port than `sent` did not do what it was drawn for. */
export function stepState(step: RunStep): NodeRunState {
  if (step.status !== 'done') return step.status
  if (step.nodeType === 'sms-notification' && step.port === 'failed') return 'failed'
  if (step.nodeType === 'sms-notification' && (step.port === 'partly' || step.port === 'uncertain'))
    return 'partly'
  if (step.nodeType === 'wait-for-delivery' && step.port === 'failed') return 'failed'
  if (step.nodeType === 'wait-for-delivery' && step.port === 'no-receipt') return 'partly'
  return 'done'
}

/** Receipts come within minutes; after an hour nobody waits for them on the page. */
const DELIVERY_MS = 60 * 60 * 1_000

/** True while receipts may still move a message of a run that has ended. */
export function isDelivering(run: Pick<Run, 'finished' | 'steps'>, now = Date.now()): boolean {
  if (run.finished !== null && now - Date.parse(run.finished) > DELIVERY_MS) return false
  return run.steps.some((step) =>
    step.messages?.some(
      ({ state, delivery }) => state === 'unknown' || (state === 'accepted' && !isDeliveryEnd(delivery)),
    ),
  )
}

export function isOver(run: Pick<Run, 'status'>): boolean {
  return run.status === 'done' || run.status === 'failed' || run.status === 'cancelled'
}
