import type { FunctionSummary } from '../api/elements.ts'
import type { Graph, GraphNode } from './schema.ts'
import type { MessageTemplate } from '../message-templates/schema.ts'
import type { SmsServiceSummary } from '../services/sms/settings.ts'

/**
 * Something that keeps a graph from running, or probably does not do what its author wants.
 * `key` is a text below `problems.` in the locale files, filled with `params`.
 */
export interface Problem {
  severity: 'error' | 'warning'
  key: string
  params?: Record<string, string | number>
  /** The node it belongs to; absent for the graph as a whole. */
  node?: string
  /** The parameter it belongs to, as a path: `variables/device`. */
  field?: string
  /** A function that has to be published before, or together with, this one. A draft can be tried without. */
  unpublished?: string
}

/**
 * True for what keeps a draft from being published.
 * @param together functions that are published in the same step
 */
export function keepsFromPublishing(
  { severity, unpublished }: Problem,
  together: ReadonlySet<string> = new Set(),
): boolean {
  return severity === 'error' || (unpublished !== undefined && !together.has(unpublished))
}

/** Another function, as far as a check needs to know it. */
export type KnownFunction = Pick<FunctionSummary, 'name' | 'title' | 'inputs'> &
  Partial<Pick<FunctionSummary, 'published'>>

/** What a check may know beyond the node itself. A list that is `undefined` is not known here and not checked. */
export interface CheckContext {
  graph: Graph
  node: GraphNode
  /** Names a value can use at this node: inputs, variables, `nodes.<id>`. */
  names: ReadonlySet<string>
  services?: readonly SmsServiceSummary[] | undefined
  templates?: readonly MessageTemplate[] | undefined
  /** Names of the stored secrets. */
  secrets?: ReadonlySet<string> | undefined
  functions?: readonly KnownFunction[] | undefined
  members?: ReadonlySet<string> | undefined
  departments?: ReadonlySet<string> | undefined
  roles?: ReadonlySet<string> | undefined
  organisationRoles?: ReadonlySet<string> | undefined
}
