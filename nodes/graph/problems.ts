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
}

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
  functions?: readonly Pick<FunctionSummary, 'name' | 'title' | 'inputs'>[] | undefined
  members?: ReadonlySet<string> | undefined
  departments?: ReadonlySet<string> | undefined
  roles?: ReadonlySet<string> | undefined
  organisationRoles?: ReadonlySet<string> | undefined
}
