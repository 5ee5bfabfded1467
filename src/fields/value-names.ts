import type { z } from 'zod'
import type { NodeDefinition } from '../../nodes/define.ts'
import { canName } from '../../nodes/directory/check-recipient-value.ts'
import { directoryTypes, isDirectoryType } from '../../nodes/directory/directory-value.ts'
import { isWritable, type Graph, type GraphInput } from '../../nodes/graph/schema.ts'

/** One name a value can take, as the picker shows it. */
export interface ValueName {
  /** What is stored: `device`, `nodes.sms1.counts.accepted`. */
  path: string
  /** What stands in the list: the input's title, the variable, or the path below the step. */
  label: string
  /** Where it cannot be: in a text, or among recipients. */
  unfit?: readonly ('text' | 'recipient')[]
}

/** Names of one origin. `title` is set for steps and loops only: inputs and variables have texts of their own. */
export interface ValueNameGroup {
  kind: 'inputs' | 'variables' | 'loop' | 'step'
  title: string
  names: ValueName[]
}

/**
 * Sorts the names usable at a node into what a person picks from: inputs, variables, items of loops, then one group per
 * step, with every path that the step's result is known to have.
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
  const loops: ValueNameGroup[] = []
  const steps: ValueNameGroup[] = []
  const inputsByName = new Map(graph.inputs.map((input) => [input.name, input]))
  for (const name of names) {
    const input = inputsByName.get(name)
    if (name.startsWith('nodes.')) {
      const id = name.slice('nodes.'.length)
      const node = graph.nodes.find((each) => each.id === id)
      const result = definitions.find((each) => each.type === node?.type)?.result
      const paths = result ? resultPaths(result) : []
      const whole = { path: name, label: '' }
      const parts = paths.map((path) => ({ path: `${name}.${path}`, label: path }))
      steps.push({ kind: 'step', title: titleOf(id), names: [...parts, whole] })
    } else if (input) {
      inputs.names.push(...namesOfInput(input, graph))
    } else {
      const looping = loopOf(name, graph)
      const own = { path: name, label: name }
      if (looping) loops.push({ kind: 'loop', title: titleOf(looping), names: [own] })
      else variables.names.push(own)
    }
  }
  return [inputs, variables, ...loops, ...steps].filter((group) => group.names.length > 0)
}

/** The loop whose item goes by this name, where that is all that sets it. */
function loopOf(name: string, graph: Graph): string | undefined {
  const setters = graph.nodes.filter(({ type, params }) =>
    type === 'loop' ? (params.item ?? 'item') === name : type === 'assign-variable' && params.name === name,
  )
  return setters.length === 1 && setters[0]!.type === 'loop' ? setters[0]!.id : undefined
}

/** The input, and of a member, department or role the name, which can stand in texts. */
function namesOfInput({ name, title, type }: GraphInput, graph: Graph): ValueName[] {
  const label = title || name
  const own = isDirectoryType(type) && !directoryTypes[type].isList ? [`${name}.name`] : []
  const unfit = [
    ...(isWritable(type) ? [] : (['text'] as const)),
    ...(canName(name, graph.inputs) ? [] : (['recipient'] as const)),
  ]
  return [
    { path: name, label, ...(unfit.length > 0 && { unfit }) },
    ...own.map((path) => ({ path, label: `${label}.name`, unfit: ['recipient'] as const })),
  ]
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
