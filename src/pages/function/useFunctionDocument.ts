import { onScopeDispose, ref, shallowRef } from 'vue'
import type { FunctionElement } from '../../../nodes/api/elements.ts'
import { ApiError } from '../../api/api-error.ts'
import { useApi } from '../../api/client.ts'
import { useElements } from '../../stores/elements.ts'
import { useGraphStore } from '../../stores/graph-store.ts'
import { createAutosave, type SaveState } from './autosave.ts'

const isConflict = (error: unknown) => error instanceof ApiError && error.status === 409

/**
 * The open function: loads it, keeps each change as a draft, saves it for use, and settles conflicts.
 * A draft wins over the saved graph when the function is opened.
 */
export function useFunctionDocument(name: string) {
  const api = useApi()
  const elements = useElements()
  const store = useGraphStore(name)
  const params = { name }

  const status = ref<'loading' | 'ready' | 'failed'>('loading')
  const error = shallowRef<unknown>(null)
  const saveState = ref<SaveState>('saved')
  /** When the draft that was opened was kept; `null`: the saved graph was opened. */
  const draftSince = ref<string | null>(null)
  let revision = 0
  let savingByHand: Promise<unknown> | undefined

  const autosave = createAutosave({
    async keep() {
      // a draft must stand on the revision that a save under way is about to make
      await savingByHand?.catch(() => undefined)
      elements.putFunction(await api.call('saveDraft', { params, body: { revision, graph: store.graph() } }))
    },
    isConflict,
    onState: (state) => (saveState.value = state),
  })

  async function open() {
    status.value = 'loading'
    try {
      show(await api.call('getFunction', { params }))
      status.value = 'ready'
    } catch (reason) {
      error.value = reason
      status.value = 'failed'
    }
  }

  function show(element: FunctionElement) {
    revision = element.revision
    store.load(element.draft ?? element.graph, { isSaved: element.draft === null })
    draftSince.value = element.draft && element.updated
    autosave.settle(element.draft ? 'draft-saved' : 'saved')
    elements.putFunction(element)
  }

  /** Saves for use. @returns false where a conflict has to be settled first @throws ApiError where it failed */
  async function save(): Promise<boolean> {
    if (!(await autosave.flush()) && autosave.state === 'conflict') return false
    const version = store.version
    const saving = api.call('saveFunction', { params, body: { revision, graph: store.graph() } })
    savingByHand = saving
    try {
      const saved = await saving
      revision = saved.revision
      draftSince.value = null
      elements.putFunction(saved)
      // what was changed while the request was under way is not saved yet
      if (store.version === version) {
        store.markSaved()
        autosave.settle('saved')
      }
      return true
    } catch (reason) {
      if (!isConflict(reason)) throw reason
      autosave.conflict()
      return false
    } finally {
      savingByHand = undefined
    }
  }

  /** Goes back to the saved graph. */
  async function discardDraft() {
    autosave.settle('saved')
    await api.call('dropDraft', { params })
    await open()
  }

  /** After a conflict: puts the own graph as a draft on top of the newer revision. */
  async function keepMine() {
    const newer = await api.call('getFunction', { params })
    revision = newer.revision
    elements.putFunction(await api.call('saveDraft', { params, body: { revision, graph: store.graph() } }))
    autosave.settle('draft-saved')
  }

  const stopListening = store.onChange((patch) => {
    if (patch) autosave.changed()
  })
  const keepWhenHidden = () => {
    if (document.visibilityState === 'hidden') void autosave.flush()
  }
  const warnBeforeLoss = (event: BeforeUnloadEvent) => {
    if (saveState.value !== 'saved' && saveState.value !== 'draft-saved') event.preventDefault()
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
    draftSince,
    open,
    save,
    discardDraft,
    keepMine,
    /** Keeps the draft now. @returns false where it could not be kept */
    keepDraft: autosave.flush,
  }
}
