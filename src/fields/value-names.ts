import type { z } from 'zod'
import type { NodeDefinition } from '../../nodes/define.ts'
import type { Graph } from '../../nodes/graph/schema.ts'

/** One name a value can take, as the picker shows it. */
export interface ValueName {
  /** What is stored: `device`, `nodes.sms1.counts.accepted`. */
  path: string
  /** What stands in the list: the input's title, the variable, or the path below the step. */
  label: string
}

/** Names of one origin. `title` is set for steps only: inputs and variables have texts of their own. */
export interface ValueNameGroup {
  kind: 'inputs' | 'variables' | 'step'
  title: string
  names: ValueName[]
}

/**
 * Sorts the names usable at a node into what a person picks from: inputs, variables, then one group per step,
 * with every path that the step's result is known to have.
 * @param names from `namesAt`
 * @param titleOf the title of a node as the canvas shows it
 */
export function groupNames(
  names: ReadonlySet<string>,
  graph: Graph,
  definitions: readonly NodeDefinition[],
  titleOf: (nodeId: string) => string,
): ValueNameGroup[] {
  const inputs: ValueNameGroup = { kind: 'inputs', title: '', names: [] }
  const variables: ValueNameGroup = { kind: 'variables', title: '', names: [] }
  const steps: ValueNameGroup[] = []
  const inputTitles = new Map(graph.inputs.map((input) => [input.name, input.title]))
  for (const name of names) {
    if (name.startsWith('nodes.')) {
      const id = name.slice('nodes.'.length)
      const node = graph.nodes.find((each) => each.id === id)
      const result = definitions.find((each) => each.type === node?.type)?.result
      const paths = result ? resultPaths(result) : []
      const whole = { path: name, label: '' }
      const parts = paths.map((path) => ({ path: `${name}.${path}`, label: path }))
      steps.push({ kind: 'step', title: titleOf(id), names: [...parts, whole] })
    } else if (inputTitles.has(name)) {
      inputs.names.push({ path: name, label: inputTitles.get(name) || name })
    } else {
      variables.names.push({ path: name, label: name })
    }
  }
  return [inputs, variables, ...steps].filter((group) => group.names.length > 0)
}

/** The dotted paths inside a result, as far as its schema tells; a list is one path, its items are for formulas. */
export function resultPaths(schema: z.ZodType): string[] {
  const shape = (schema as Partial<z.ZodObject>).shape as Record<string, z.ZodType> | undefined
  if (!shape) return []
  return Object.entries(shape).flatMap(([name, field]) => {
    const inner = resultPaths(field)
    return inner.length > 0 ? inner.map((path) => `${name}.${path}`) : [name]
  })
}
