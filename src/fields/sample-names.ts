import type { Run } from '../../nodes/api/runs.ts'
import type { Pin } from '../../nodes/api/try-it.ts'
import { outputPorts, type NodeDefinition } from '../../nodes/define.ts'
import type { Graph } from '../../nodes/graph/schema.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'

/** Where the values come from that show what a value would give. */
export interface SampleSource {
  /** The run that the page shows, or the last one. */
  run: Pick<Run, 'input' | 'steps'> | null
  pins: Readonly<Record<string, Pin>>
  /** What stands in the run form. */
  typed: JsonObject
  /** Of the organisation: IANA zone and language of dates. */
  timeZone?: string | undefined
  language?: string | undefined
}

/** A value for each name that is known by a sample; results of steps as `nodes.<id>`. */
export type SampleNames = ReadonlyMap<string, Json>

/**
 * What stands for the values of a run that has not happened, in the order in which the try of a single node takes them:
 * typed inputs, pinned outputs, the run, defaults.
 */
export function sampleNames(
  graph: Graph,
  definitions: readonly NodeDefinition[],
  { run, pins, typed }: SampleSource,
): SampleNames {
  const samples = new Map<string, Json>()
  for (const { name, default: given } of graph.inputs) {
    if (given !== undefined && given !== null) samples.set(name, given)
  }
  const keep = (nodeId: string, output: Json | undefined) => {
    const node = graph.nodes.find(({ id }) => id === nodeId)
    const definition = definitions.find(({ type }) => type === node?.type)
    if (!node || !definition || output === undefined) return
    if (definition.result) samples.set(`nodes.${nodeId}`, output)
    else if (outputPorts(definition, node).length > 0) setAll(samples, output)
  }
  setAll(samples, run?.input ?? null)
  for (const { status, nodeId, output, messages } of run?.steps ?? []) {
    if (status !== 'done') continue
    keep(nodeId, messages && isObject(output) ? { ...output, messages: messages as unknown as Json } : output)
  }
  for (const [nodeId, { output }] of Object.entries(pins)) keep(nodeId, output)
  setAll(samples, typed)
  return samples
}

/** Each field of an object under its name; an empty one says nothing. */
function setAll(samples: Map<string, Json>, values: Json): void {
  if (!isObject(values)) return
  for (const [name, value] of Object.entries(values)) if (value !== null) samples.set(name, value)
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
