import type { StepResult } from '../../nodes/execution.ts'
import type { StepRecord } from '../ledger/ledger.ts'
import type { CompiledNode } from './compile-graph.ts'
import type { Frame } from './frame.ts'
import type { LiveRun } from './live-run.ts'

/** Takes the place of executing a node, and notes in the step that it did. @throws FlowError where the step is to fail */
export type StandIn = (step: StepRecord) => StepResult

/** Is asked before each step of a dry run or a debug run. Other runs have none. */
export interface Onlooker {
  /** The step begins once this has settled. @returns what stands in for it; nothing: it is executed */
  reach(node: CompiledNode, path: string, frame: Frame, run: LiveRun): Promise<StandIn | undefined>
}
