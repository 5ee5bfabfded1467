import { defineStore, type Pinia } from 'pinia'
import { computed, markRaw, shallowRef } from 'vue'
import type { Problem } from '../../nodes/graph/problems.ts'
import type { Graph, GraphNode } from '../../nodes/graph/schema.ts'
import { useSelection } from './selection.ts'
import {
  applyPatch,
  invertPatch,
  openDocument,
  saveDocument,
  type Command,
  type GraphDocument,
  type Patch,
} from './graph-document.ts'

/** How far a node is in the run that is shown; `partly`: some recipients were not reached. */
export type NodeRunState = 'running' | 'done' | 'failed' | 'partly'

/** What a comparison says of a node or connection. */
export type ChangeMark = 'added' | 'removed' | 'changed'
export interface ChangeMarks {
  nodes: ReadonlyMap<string, ChangeMark>
  connections: ReadonlyMap<string, ChangeMark>
}

/** What people set on a node to try the function, and where a debug run stands. */
export type TryMark = 'breakpoint' | 'pinned' | 'paused'
export type TryMarks = ReadonlyMap<string, readonly TryMark[]>

const noChanges: ChangeMarks = { nodes: new Map(), connections: new Map() }

/** What a listener hears: a patch that was carried out, or `null` after another graph was loaded. */
export type DocumentListener = (patch: Patch | null) => void

/** Undo steps that are kept; the oldest go first. */
const MAX_UNDO = 500

const emptyGraph: Graph = {
  format: 1,
  id: 'empty',
  name: 'empty',
  title: ' ',
  description: '',
  inputs: [],
  nodes: [],
  connections: [],
}

/**
 * The open function: its document, undo steps, selection, problems and run states. One store per function
 * name, so several editors may share a page. The document is plain data; what depends on it in a
 * template reads `version` (or a getter here that does), the canvas listens with `onChange`.
 *
 * @example
 * const store = useGraphStore('night-shift-alarm')
 * store.load(graph)
 * store.apply(deleteNodes(['sms1']))
 * store.undo()
 */
export function useGraphStore(name: string, pinia?: Pinia) {
  return defineGraphStore(name)(pinia)
}
export type GraphStore = ReturnType<typeof useGraphStore>

function defineGraphStore(name: string) {
  return defineStore(`graph:${name}`, () => {
    const document = shallowRef<GraphDocument>(markRaw(openDocument(emptyGraph)))
    /** Counts changes of the document: read it to be told of the next one. */
    const version = shallowRef(0)
    const undoSteps = shallowRef<readonly Patch[]>([])
    const redoSteps = shallowRef<readonly Patch[]>([])
    const problems = shallowRef<ReadonlyMap<string, readonly Problem[]>>(new Map())
    const runStates = shallowRef<ReadonlyMap<string, NodeRunState>>(new Map())
    const changeMarks = shallowRef<ChangeMarks>(noChanges)
    /** Connections that the run that is shown went along. */
    const runPath = shallowRef<ReadonlySet<string>>(new Set())
    const tryMarks = shallowRef<TryMarks>(new Map())
    const selection = useSelection()
    const listeners = markRaw(new Set<DocumentListener>())

    const lastStep = () => undoSteps.value.at(-1) ?? null

    function carryOut(patch: Patch) {
      applyPatch(document.value, patch)
      selection.forget(patch)
      version.value++
      for (const listener of listeners) listener(patch)
    }

    /**
     * Opens a graph: forgets undo steps, selection, problems and run states.
     * @param marks what to show as added, removed or changed
     */
    function load(graph: Graph, marks: ChangeMarks = noChanges) {
      document.value = markRaw(openDocument(graph))
      undoSteps.value = []
      redoSteps.value = []
      problems.value = new Map()
      runStates.value = new Map()
      runPath.value = new Set()
      changeMarks.value = marks
      selection.clear()
      version.value++
      for (const listener of listeners) listener(null)
    }

    /** The graph as it is saved now. */
    function graph(): Graph {
      return saveDocument(document.value)
    }

    /**
     * Carries a command out and remembers how to undo it.
     * @returns what changed; `null` where there was nothing to do
     */
    function apply(command: Command): Patch | null {
      const patch = command(document.value)
      if (!patch) return null
      undoSteps.value = [...undoSteps.value, patch].slice(-MAX_UNDO)
      redoSteps.value = []
      carryOut(patch)
      return patch
    }

    /** @returns the name of the step that was taken back, `null` where there was none */
    function undo(): string | null {
      const patch = lastStep()
      if (!patch) return null
      undoSteps.value = undoSteps.value.slice(0, -1)
      redoSteps.value = [...redoSteps.value, patch]
      carryOut(invertPatch(patch))
      return patch.command
    }

    /** @returns the name of the step that was done again, `null` where there was none */
    function redo(): string | null {
      const patch = redoSteps.value.at(-1)
      if (!patch) return null
      redoSteps.value = redoSteps.value.slice(0, -1)
      undoSteps.value = [...undoSteps.value, patch]
      carryOut(patch)
      return patch.command
    }

    /** Sets the problems of the whole graph; those without a node belong to no card. */
    function setProblems(all: readonly Problem[]) {
      const byNode = new Map<string, Problem[]>()
      for (const problem of all) {
        if (problem.node === undefined) continue
        const known = byNode.get(problem.node)
        if (known) known.push(problem)
        else byNode.set(problem.node, [problem])
      }
      problems.value = byNode
    }

    /** Shows how far a node is; `null` takes the mark away. */
    function setRunState(nodeId: string, state: NodeRunState | null) {
      const next = new Map(runStates.value)
      if (state) next.set(nodeId, state)
      else next.delete(nodeId)
      runStates.value = next
    }

    /** Shows a whole run at once: the states of its nodes, and the connections it went along. */
    function showRun(states: ReadonlyMap<string, NodeRunState>, path: ReadonlySet<string>) {
      runStates.value = states
      runPath.value = path
    }

    function setTryMarks(marks: TryMarks) {
      tryMarks.value = marks
    }

    function clearRunStates() {
      if (runStates.value.size > 0) runStates.value = new Map()
    }

    /** Hears every change of the document, after it happened. @returns ends it */
    function onChange(listener: DocumentListener): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }

    return {
      document,
      version,
      graph,
      load,
      apply,
      undo,
      redo,
      canUndo: computed(() => undoSteps.value.length > 0),
      canRedo: computed(() => redoSteps.value.length > 0),
      /** Name of the step that `undo` would take back: a key below `canvas.commands`. */
      undoName: computed(() => undoSteps.value.at(-1)?.command ?? null),
      redoName: computed(() => redoSteps.value.at(-1)?.command ?? null),
      node: (id: string): GraphNode | undefined => (void version.value, document.value.nodes.get(id)),
      inputs: computed(() => (void version.value, document.value.inputs)),
      nodes: computed(() => (void version.value, [...document.value.nodes.values()])),
      selectedNodes: selection.nodes,
      selectedConnections: selection.connections,
      select: selection.select,
      toggle: selection.toggle,
      selectConnection: selection.selectConnection,
      clearSelection: selection.clear,
      problems,
      setProblems,
      changeMarks,
      runStates,
      runPath,
      showRun,
      setRunState,
      tryMarks,
      setTryMarks,
      clearRunStates,
      onChange,
    }
  })
}
