import type { z } from 'zod'
import type { CheckContext, Problem } from './graph/problems.ts'
import type { GraphNode } from './graph/schema.ts'
import type { Shape } from './values/types/shape.ts'
import type { Wanted } from './values/types/wanted.ts'
import type { Value } from './values/value.ts'

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
  /** The outputs are alternatives of equal rank, as the branches of a condition: none of them is the usual way on. */
  isChoice?: true
  /**
   * Ports that lead to a body: a part of the graph that this node walks itself, maybe many times. Where nothing follows
   * in a body, the run goes on at another port of this node.
   */
  bodies?: readonly PortId[] | PortsOf<z.output<Params>>
  /** Parameters whose values are evaluated at the end of a body, with the names that it has then. */
  bodyValues?: readonly string[]
  /** False: variables and results of the bodies are not visible behind the node. True unless said otherwise. */
  bodiesShareNames?(params: z.output<Params>): boolean
  /** The dialog is generated from this schema; `.meta({ control })` picks the field component. */
  params: Params
  /** What a new node starts with; may lack required parameters, which then show as problems. */
  defaults: () => z.input<Params>
  /** Shape of `nodes.<id>.…` after the step, for variable pickers; `null`: the node has no result. */
  result: z.ZodType | null
  /** Checks that a schema cannot make: they know the services, the people, the other nodes. */
  check?(params: z.output<Params>, context: CheckContext): Problem[]
  /** What a value must be, by its path among the parameters (`branches/0/when`); anything where nothing is said. */
  wants?(path: string, params: z.output<Params>, context: Pick<CheckContext, 'functions'>): Wanted | undefined
  /** What is known of the variables that the node sets; those of its `variable-name` parameters may be anything else. */
  assigns?(
    params: z.output<Params>,
    shapeOf: (value: Value) => Shape,
    shapeAt: (name: string) => Shape,
  ): Record<string, Shape>
  /** Which conditions were evaluated to which answer where a run leaves by a port, in their order. */
  branchAnswers?(params: z.output<Params>, port: PortId): [condition: Value, answer: boolean][]
  /** False: the run may go on while some of the bodies were not walked to their end. */
  bodiesAllEnd?(params: z.output<Params>): boolean
  /** How many of this node a graph may hold. */
  limit?: number
}

/** Types a node definition by its parameters. */
export function defineNode<Params extends z.ZodObject>(
  definition: NodeDefinition<Params>,
): NodeDefinition<Params> {
  return definition
}

/** Where a run goes on after a step that failed. Every node can have it: see `GraphNode.onError`. */
export const ERROR_PORT = 'error'

/** The ports of one concrete node, top to bottom. */
export function outputPorts(
  definition: NodeDefinition,
  { params, onError }: Pick<GraphNode, 'params' | 'onError'>,
): readonly PortId[] {
  const ports = portsOf(definition, definition.outputs, params)
  return onError === 'branch' && !ports.includes(ERROR_PORT) ? [...ports, ERROR_PORT] : ports
}

/** The ports of one concrete node that lead to bodies. */
export function bodyPorts(
  definition: NodeDefinition,
  { params }: Pick<GraphNode, 'params'>,
): readonly PortId[] {
  return portsOf(definition, definition.bodies ?? [], params)
}

/** Whether what the bodies of a node set is visible behind it. */
export function sharesNames(definition: NodeDefinition, { params }: Pick<GraphNode, 'params'>): boolean {
  return made(() => definition.bodiesShareNames?.(parsedOr(definition, params)) ?? true, true)
}

function portsOf(
  definition: NodeDefinition,
  ports: NodeDefinition['outputs'],
  params: GraphNode['params'],
): readonly PortId[] {
  return typeof ports === 'function' ? made(() => ports(parsedOr(definition, params)), []) : ports
}

/** What a definition makes of parameters that are not in order; `otherwise` where it can make nothing of them. */
function made<Made>(make: () => Made, otherwise: Made): Made {
  try {
    return make()
  } catch {
    return otherwise
  }
}

/** Parameters that are not in order yet are taken as they are. */
function parsedOr(definition: NodeDefinition, params: GraphNode['params']): Record<string, unknown> {
  const parsed = definition.params.safeParse(params)
  return parsed.success ? parsed.data : params
}
