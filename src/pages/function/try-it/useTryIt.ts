import { shallowRef, watch } from 'vue'
import type { Run, RunStep } from '../../../../nodes/api/runs.ts'
import type {
  ChangeTryItData,
  DebugCommand,
  DebugEvent,
  DebugPause,
  Pin,
  StartDebug,
  TryItData,
} from '../../../../nodes/api/try-it.ts'
import { bodyPorts, type NodeDefinition } from '../../../../nodes/define.ts'
import type { Json, JsonObject } from '../../../../nodes/json.ts'
import { useApi } from '../../../api/client.ts'
import type { GraphStore, TryMark } from '../../../stores/graph-store.ts'
import { applyRunEvent } from '../../../stores/run-events.ts'
import type { FunctionRun } from '../useFunctionRun.ts'

/** How a debug run is asked for. */
export type DebugRequest = Pick<StartDebug, 'input' | 'mode' | 'outcome'>

/** Trying the draft: its samples, pinned outputs and breakpoints, and the debug run that is under way. */
export function useTryIt(
  functionName: string,
  store: GraphStore,
  current: FunctionRun,
  definitions: readonly NodeDefinition[],
) {
  const api = useApi()
  const params = { name: functionName }
  const data = shallowRef<TryItData>({ samples: {}, pins: {}, breakpoints: [] })
  const pause = shallowRef<DebugPause | null>(null)
  /** The session of the debug run that is shown and not over. */
  const session = shallowRef<string | null>(null)
  /** Of the run that is shown where the server does not keep it. */
  const passingRun = shallowRef<string | null>(null)

  async function load() {
    data.value = await api.call('getTryItData', { params })
  }
  async function change(body: ChangeTryItData) {
    data.value = await api.call('changeTryItData', { params, body })
  }

  const hasBreakpoint = (nodeId: string) => data.value.breakpoints.includes(nodeId)
  const toggleBreakpoint = (nodeId: string) => change({ breakpoints: { [nodeId]: !hasBreakpoint(nodeId) } })

  const isPinned = (nodeId: string) => Object.hasOwn(data.value.pins, nodeId)
  /** Nodes without a way out, and those that walk bodies, have to be executed. */
  function canPin(step: RunStep): boolean {
    const node = store.node(step.nodeId)
    const definition = definitions.find(({ type }) => type === node?.type)
    if (!node || !definition || definition.input === null || bodyPorts(definition, node).length > 0)
      return false
    return step.status === 'done' && step.port !== null && !step.standIn && !step.notExecuted
  }
  /** The last step of a node in the run that is shown, where its output can be pinned. */
  const pinnable = (nodeId: string) =>
    current.run.value?.steps.findLast((step) => step.nodeId === nodeId && canPin(step))
  const pin = (step: RunStep) => change({ pins: { [step.nodeId]: pinOf(step) } })
  const unpin = (nodeId: string) => change({ pins: { [nodeId]: null } })

  /** Where there is no breakpoint, it stops before the first step. @throws ApiError where it did not start */
  async function debug(request: DebugRequest) {
    current.leave()
    const pauseAtStart = data.value.breakpoints.every((nodeId) => !store.node(nodeId))
    const { id } = await api.call('startDebug', { params, body: { ...request, pauseAtStart } })
    const end = api.events('debugEvents', {
      params: { id },
      onEvent: (event) => session.value === id && hear(event),
      onError: (reason, isFinal) => {
        if (!isFinal || session.value !== id) return
        over()
        current.error.value = reason
      },
    })
    session.value = id
    function hear(event: DebugEvent) {
      if (event.type === 'snapshot' && current.run.value?.id !== event.run.id) {
        current.present(event.run, () => {
          end()
          if (session.value === id) over()
        })
        if (request.mode === 'dry-run') passingRun.value = event.run.id
      }
      if (event.type === 'snapshot' || event.type === 'paused') pause.value = event.pause
      else if (event.type === 'resumed') pause.value = null
      if (event.type !== 'paused' && event.type !== 'resumed') {
        current.run.value = applyRunEvent(current.run.value, event as Parameters<typeof applyRunEvent>[1])
      }
      if (event.type === 'finished') {
        end()
        over()
        // receipts are still to come
        if (request.mode === 'sandbox' && current.run.value) current.show(current.run.value)
      }
    }
  }
  function over() {
    session.value = null
    pause.value = null
  }

  async function command(what: DebugCommand['do']) {
    const id = session.value
    if (id !== null) await api.call('debugCommand', { params: { id }, body: { do: what } })
  }

  /** Executes one node with sample data and shows what came of it. */
  async function tryNode(nodeId: string, input: JsonObject) {
    current.leave()
    const run: Run = await api.call('tryNode', { params, body: { nodeId, input } })
    current.present(run)
    passingRun.value = run.id
  }

  watch([data, pause], ([{ breakpoints, pins }, stop]) => {
    const marks = new Map<string, TryMark[]>()
    const add = (nodeId: string, mark: TryMark) => marks.set(nodeId, [...(marks.get(nodeId) ?? []), mark])
    for (const nodeId of breakpoints) add(nodeId, 'breakpoint')
    for (const nodeId of Object.keys(pins)) add(nodeId, 'pinned')
    const place = stop?.stack.find((each) => each.functionName === functionName)
    if (place) add(place.nodeId, 'paused')
    store.setTryMarks(marks)
  })

  return {
    ...{ data, load, change, hasBreakpoint, toggleBreakpoint, isPinned, canPin, pinnable, pin, unpin },
    ...{ pause, session, passingRun, debug, command, tryNode },
  }
}
export type TryIt = ReturnType<typeof useTryIt>

/** Messages have a place of their own in a step; later steps see them in its result. */
function pinOf({ port, output, messages }: RunStep): Pin {
  if (!messages) return { port: port!, ...(output !== undefined && { output }) }
  return { port: port!, output: { ...(output as JsonObject), messages: messages as unknown as Json } }
}
