import type { DebugPause, DebugPlace } from '../../nodes/api/try-it.ts'
import type { Json } from '../../nodes/json.ts'
import type { Frame } from '../engine/frame.ts'
import type { LiveRun } from '../engine/live-run.ts'

/** Characters of JSON from which on a value is not shown whole. */
const MOST_CHARACTERS = 20_000

/**
 * What a person sees of a debug run that stands before a node.
 * @param runs those that called each other, by id
 */
export function describePause(
  path: string,
  frame: Frame,
  run: LiveRun,
  runs: ReadonlyMap<string, LiveRun>,
): DebugPause {
  const { nodes, ...variables } = frame.names
  const stack = placesOf(path, run)
  let inner = run
  const callerOf = ({ row }: LiveRun) => row.caller && runs.get(row.caller.runId)
  for (let outer = callerOf(run); outer; outer = callerOf(outer)) {
    stack.push(...placesOf(inner.row.caller!.path, outer))
    inner = outer
  }
  return {
    nodeId: stack[0]!.nodeId,
    path,
    functionName: run.row.functionName,
    stack,
    variables: shown(variables),
    results: shown(nodes as Record<string, Json>),
  }
}

/** `loop-1:3/send` is the node `send` in round 3 of the node `loop-1`. */
function placesOf(path: string, run: LiveRun): DebugPlace[] {
  const typeOf = (id: string) => run.compiled.graph.nodes.find((node) => node.id === id)?.type ?? ''
  return path
    .split('/')
    .map((part): DebugPlace => {
      const end = part.indexOf(':')
      const nodeId = end < 0 ? part : part.slice(0, end)
      return {
        functionName: run.row.functionName,
        nodeId,
        nodeType: typeOf(nodeId),
        ...(end >= 0 && { at: part.slice(end + 1) }),
      }
    })
    .reverse()
}

function shown(values: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, Json] => {
      const text = JSON.stringify(value)
      return [name, text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : value]
    }),
  )
}
