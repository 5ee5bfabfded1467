import type { z } from 'zod'
import type { CheckContext, Problem } from './graph/problems.ts'

/** A way out of a node. Its label is `nodes.<type>.ports.<id>` in the locale files. */
export type PortId = string

/** A method's type, not a function's: only so do definitions with different parameters fit into one list. */
type PortsOf<Params> = { of(params: Params): readonly PortId[] }['of']

/**
 * One node type, declared once: palette, dialog, saved file and runtime all read this object.
 * Its texts are `nodes.<type>.*` in the locale files of the editor.
 */
export interface NodeDefinition<Params extends z.ZodObject = z.ZodObject> {
  /** Stored in files: never renamed. */
  type: string
  /** Stored in files with each node; a raised number needs a step in `graph/migrations.ts`. */
  version: number
  /** Palette path, as keys below `palette.` in the locale files: `['service', 'message-service']`. */
  menu: readonly string[]
  /** Name of a Lucide icon. */
  icon: string
  /** `null`: nothing can lead here (Start), or the node takes no part in the flow (Comment). */
  input: 'in' | null
  /** Fixed ports, or ports that depend on the parameters (Condition). Order is top to bottom. */
  outputs: readonly PortId[] | PortsOf<z.output<Params>>
  /** The dialog is generated from this schema; `.meta({ control })` picks the field component. */
  params: Params
  /** What a new node starts with; may lack required parameters, which then show as problems. */
  defaults: () => z.input<Params>
  /** Shape of `nodes.<id>.…` after the step, for variable pickers; `null`: the node has no result. */
  result: z.ZodType | null
  /** Checks that a schema cannot make: they know the services, the people, the other nodes. */
  check?(params: z.output<Params>, context: CheckContext): Problem[]
  /** How many of this node a graph may hold. */
  limit?: number
}

/** Types a node definition by its parameters. */
export function defineNode<Params extends z.ZodObject>(
  definition: NodeDefinition<Params>,
): NodeDefinition<Params> {
  return definition
}

/** The ports of one concrete node, top to bottom. */
export function outputPorts(definition: NodeDefinition, params: unknown): readonly PortId[] {
  if (typeof definition.outputs !== 'function') return definition.outputs
  const parsed = definition.params.safeParse(params)
  return definition.outputs(parsed.success ? parsed.data : (params as Record<string, unknown>))
}
