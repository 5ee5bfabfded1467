import type { Run, RunStep } from '../../nodes/api/runs.ts'
import type { GraphConnection } from '../../nodes/graph/schema.ts'
import { stepState } from './run-events.ts'

/** A loop of a run, with the rounds it has begun; `path` is that of the loop's step. */
export interface LoopRounds {
  path: string
  nodeId: string
  rounds: readonly string[]
  shown: string
}

/** Which round of which loop is looked at, by the path of the loop's step. */
export type ChosenRounds = ReadonlyMap<string, string>

/** A step as the panel lists it: below the step it stands in, with the rounds of the loop where it is one. */
export interface StepRow {
  step: RunStep
  depth: number
  loop?: LoopRounds
}

/** `loop-1:3/try:body/send` stands in the bodies `3` of `loop-1` and `body` of `loop-1:3/try`, the outer one first. */
export function bodiesOf(path: string): { path: string; at: string }[] {
  return [...path.matchAll(/:([^:/]*)\//g)].map((match) => ({
    path: path.slice(0, match.index),
    at: match[1]!,
  }))
}

/**
 * The steps of one round of each loop, in the order of the graph's walk; loops inside a round by theirs. Where no round is
 * chosen it is the one that failed, else the latest.
 */
export function rowsOf(run: Pick<Run, 'steps'>, chosen: ChosenRounds): StepRow[] {
  const inside = groupBy(run.steps, ({ path }) => bodiesOf(path).at(-1)?.path ?? '')
  const known = new Set(run.steps.map(({ path }) => path))
  const failedAt = run.steps.filter((step) => stepState(step) === 'failed').map(({ path }) => path)
  const rows: StepRow[] = []
  const add = (parent: string, at: string | null, depth: number) => {
    for (const step of inside.get(parent) ?? []) {
      if (at !== null && bodiesOf(step.path).at(-1)!.at !== at) continue
      const bodies = [...new Set((inside.get(step.path) ?? []).map(({ path }) => bodiesOf(path).at(-1)!.at))]
      if (step.nodeType !== 'loop' || bodies.length === 0) {
        rows.push({ step, depth })
        add(step.path, null, depth + 1)
        continue
      }
      const rounds = bodies.sort((one, other) => Number(one) - Number(other))
      const shown = roundOf(step.path, rounds, chosen, failedAt)
      rows.push({ step, depth, loop: { path: step.path, nodeId: step.nodeId, rounds, shown } })
      add(step.path, shown, depth + 1)
    }
  }
  // what stands in a step that is not written yet is listed by itself
  for (const parent of inside.keys()) if (parent === '' || !known.has(parent)) add(parent, null, 0)
  return rows
}

function roundOf(
  path: string,
  rounds: readonly string[],
  chosen: ChosenRounds,
  failedAt: readonly string[],
): string {
  const wanted = chosen.get(path)
  if (wanted !== undefined && rounds.includes(wanted)) return wanted
  const failed = rounds.find((at) => failedAt.some((each) => each.startsWith(`${path}:${at}/`)))
  return failed ?? rounds.at(-1)!
}

/** The connections along which the walk went between these steps. */
export function takenConnections(
  rows: readonly StepRow[],
  connections: Iterable<GraphConnection>,
): Set<string> {
  const byNode = groupBy(
    rows.map(({ step }) => step),
    ({ nodeId }) => nodeId,
  )
  const all = [...connections]
  const leaving = new Set(all.map(({ from }) => `${from.node} ${from.port}`))
  const isTaken = ({ from, to }: GraphConnection) =>
    (byNode.get(from.node) ?? []).some((source) =>
      (byNode.get(to.node) ?? []).some((target) => {
        if (target.path.startsWith(`${source.path}:`)) return true
        if (bodyOf(source.path) !== bodyOf(target.path)) return false
        // where nothing leaves by its port, the walk went along another one
        return source.port === from.port || !leaving.has(`${from.node} ${source.port}`)
      }),
    )
  return new Set(all.filter(isTaken).map(({ id }) => id))
}

function groupBy(steps: readonly RunStep[], keyOf: (step: RunStep) => string): Map<string, RunStep[]> {
  const groups = new Map<string, RunStep[]>()
  for (const step of steps) {
    const group = groups.get(keyOf(step))
    if (group) group.push(step)
    else groups.set(keyOf(step), [step])
  }
  return groups
}

const bodyOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1)
