import { ref } from 'vue'
import { readStored, writeStored } from '../../stores/storage.ts'

/** How a function is shown: drawn, or as a list of statements. */
export type FunctionView = 'canvas' | 'outline'

/** The view of this browser's choice. */
export function useFunctionView() {
  const view = ref<FunctionView>(readStored('function-view') === 'outline' ? 'outline' : 'canvas')
  function setView(next: FunctionView) {
    view.value = next
    writeStored('function-view', next)
  }
  return { view, setView }
}
