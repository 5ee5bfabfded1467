/** What `sms-logic/nodes` gives a host application: what a graph means, on both sides, without Vue and without Node. */
export { defineNode, outputPorts, type NodeDefinition } from './define.ts'
export type { DirectoryEntry } from './directory/directory-value.ts'
export {
  recipient,
  type Department,
  type Directory,
  type Member,
  type OrganisationRole,
  type Recipient,
  type Role,
} from './directory/schema.ts'
export { ErrorCode, FieldsError, FlowError, FormulaError, GraphError, SmsError } from './errors.ts'
export { loadGraph, parseGraphText } from './graph/load-graph.ts'
export type { Problem } from './graph/problems.ts'
export { graph, type Graph, type GraphConnection, type GraphInput, type GraphNode } from './graph/schema.ts'
export { validateGraph } from './graph/validate-graph.ts'
export { nodeDefinitions } from './index.ts'
export type { Json, JsonObject } from './json.ts'
export { countSegments, type SegmentCount, type SegmentOptions } from './services/sms/segments.ts'
export { evaluateValue } from './values/evaluate-value.ts'
export { checkFormula, compileFormula } from './values/formula/formula.ts'
export type { Scope } from './values/scope.ts'
export { value, type Value } from './values/value.ts'
