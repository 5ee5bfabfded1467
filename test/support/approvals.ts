import type { RequestView } from '../../nodes/api/approvals.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'
import type { LocalRuntime } from '../../runtime/index.ts'
import type { FlowNode } from './flow.ts'
import { flow, formula } from './flow.ts'

export const member = (id: string) => ({ kind: 'member', id })

/** An approval step; the run goes on at `approved`, and ends where it is rejected. */
export function approval(recipients: Json[], params: Record<string, Json> = {}, to = {}): FlowNode {
  return { type: 'approval', params: { recipients, ...params }, to }
}

/** A graph that is an approval process. */
export function processGraph(
  nodes: Record<string, FlowNode>,
  { process = {}, inputs = [] }: { process?: JsonObject; inputs?: Json[] } = {},
) {
  const graph = flow(nodes, {
    name: 'leave',
    inputs: [
      { name: 'initiator', type: 'member', required: true },
      { name: 'days', title: 'Days', type: 'number' },
      ...inputs,
    ],
  })
  return {
    ...graph,
    title: 'Leave',
    nodes: graph.nodes.map((node) => ({ ...node, title: node.id })),
    process: { title: formula('initiator.name & ": " & days & " days"'), ...process },
  }
}

/** Publishes a process; answers what members and operators do with its requests. */
export function publishProcess(runtime: LocalRuntime, graph: object) {
  const { name } = runtime.functions.create({ title: 'Leave', graph })
  runtime.publish(name)
  return requestsOf(runtime, name)
}

/** The same for a process that is there already. */
export function requestsOf(runtime: LocalRuntime, name: string) {
  const { requests } = runtime
  const view = (id: string, by: string | null = null): Promise<RequestView> =>
    requests.view(id, { member: by, mayOperate: by === null })
  return {
    name,
    view,
    initiate: async (by: string, input: JsonObject = { days: 3 }, key?: string) =>
      (await requests.initiate(by, name, input, key)).id,
    /** Decides the open task that the member has; throws where there is none. */
    async decide(id: string, by: string, action: string, more: object = {}) {
      const { mine } = await view(id, by)
      if (!mine) throw new Error('This member has nothing to decide')
      requests.decide(by, id, { task: mine.id, action, comment: '', members: [], ...more } as never)
    },
    /** `1 open Ada, Bob` for each step that waits. */
    async waiting(id: string): Promise<string[]> {
      const { steps } = await view(id)
      return steps.map(({ title, isPaused, tasks }) => {
        const people = tasks.filter(({ state }) => state === 'open').map(({ person }) => person.name)
        return `${title}: ${isPaused ? 'paused' : people.join(', ')}`
      })
    },
    history: async (id: string) => (await view(id)).history.map(({ kind }) => kind),
  }
}
