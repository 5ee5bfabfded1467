import { onScopeDispose, ref, shallowRef } from 'vue'
import type { FunctionElement, FunctionSummary } from '../../../nodes/api/elements.ts'
import type { NodeDefinition } from '../../../nodes/define.ts'
import type { Graph } from '../../../nodes/graph/schema.ts'
import { ApiError } from '../../api/api-error.ts'
import { useApi } from '../../api/client.ts'
import { replaceGraph } from '../../commands/replace-graph.ts'
import { placedGraph } from '../../layout/placed-graph.ts'
import { useElements } from '../../stores/elements.ts'
import { useGraphStore } from '../../stores/graph-store.ts'
import { createAutosave, type SaveState } from './autosave.ts'

const isConflict = (error: unknown) => error instanceof ApiError && error.status === 409

/** The open function: loads its draft, keeps each change, publishes it, and settles conflicts. */
export function useFunctionDocument(name: string, definitions: readonly NodeDefinition[]) {
  const api = useApi()
  const elements = useElements()
  const store = useGraphStore(name)
  const params = { name }

  const status = ref<'loading' | 'ready' | 'failed'>('loading')
  const error = shallowRef<unknown>(null)
  const saveState = ref<SaveState>('saved')
  /** The function as the server had it last. */
  const summary = shallowRef<FunctionSummary | null>(null)
  /** The draft that `summary` tells of: what both sides of a conflict began with. */
  const base = shallowRef<Graph | null>(null)

  const autosave = createAutosave({
    async keep() {
      const graph = store.graph()
      const body = { revision: summary.value!.revision, graph }
      saved(await api.call('saveFunction', { params, body }), graph)
    },
    isConflict,
    onState: (state) => (saveState.value = state),
  })

  async function open() {
    status.value = 'loading'
    try {
      const { graph, ...element } = await api.call('getFunction', { params })
      // places that nobody chose are kept with the first edit: to look at a function changes nothing
      store.load(await placedGraph(graph, definitions))
      saved(element, graph)
      autosave.settle()
      status.value = 'ready'
    } catch (reason) {
      error.value = reason
      status.value = 'failed'
    }
  }

  function saved(element: FunctionSummary, graph: Graph) {
    summary.value = element
    base.value = graph
    elements.putFunction(element)
  }

  /**
   * Makes the draft as it is a version. @returns its number, or `null` where a conflict has to be settled first
   * @throws ApiError where it was refused for another reason
   */
  async function publish(note: string, together: boolean): Promise<number | null> {
    if (!(await autosave.flush())) return null
    const { revision } = summary.value!
    const { number, created, ...version } = await api.call('publishFunction', {
      params,
      body: { revision, note, together },
    })
    const published = { number, created, note: version.note }
    saved({ ...summary.value!, published, isChanged: false }, base.value!)
    return number
  }

  /** After a conflict: what somebody else saved meanwhile. */
  function theirs(): Promise<FunctionElement> {
    return api.call('getFunction', { params })
  }

  /** After a conflict: puts the other draft in place of the own one, which undo brings back. */
  function takeTheirs({ graph, ...element }: FunctionElement) {
    saved(element, graph)
    store.apply(replaceGraph(graph, { withTitle: true }))
    autosave.settle()
  }

  /** After a conflict: saves the own draft on top of theirs. @throws ApiError, again a conflict where they saved once more */
  async function overwrite({ revision }: FunctionElement) {
    const graph = store.graph()
    saved(await api.call('saveFunction', { params, body: { revision, graph } }), graph)
    autosave.settle()
  }

  /** After a conflict: makes a function of its own of the own draft. */
  async function saveCopy(title: string) {
    const { graph: _, ...copy } = await api.call('createFunction', { body: { title, graph: store.graph() } })
    elements.putFunction(copy)
  }

  const stopListening = store.onChange((patch) => {
    if (patch) autosave.changed()
  })
  const keepWhenHidden = () => {
    if (document.visibilityState === 'hidden') void autosave.flush()
  }
  const warnBeforeLoss = (event: BeforeUnloadEvent) => {
    if (saveState.value !== 'saved') event.preventDefault()
  }
  document.addEventListener('visibilitychange', keepWhenHidden)
  addEventListener('beforeunload', warnBeforeLoss)
  onScopeDispose(() => {
    stopListening()
    document.removeEventListener('visibilitychange', keepWhenHidden)
    removeEventListener('beforeunload', warnBeforeLoss)
    void autosave.flush().finally(autosave.stop)
  })
  void open()

  return {
    store,
    status,
    error,
    saveState,
    summary,
    base,
    open,
    publish,
    theirs,
    takeTheirs,
    overwrite,
    saveCopy,
    /** Saves the draft now. @returns false where it could not be saved */
    keepDraft: autosave.flush,
  }
}
export type FunctionDocument = ReturnType<typeof useFunctionDocument>
