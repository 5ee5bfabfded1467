import { ref, watch } from 'vue'
import { useErrorText } from '../../api/useErrorText.ts'
import { useToast } from '../../ui/index.ts'
import type { FunctionDocument } from './useFunctionDocument.ts'

/** Saving by hand and conflicts as a person sees them: with dialogs, notices and reasons. */
export function useFunctionSaving(opened: FunctionDocument) {
  const toast = useToast()
  const errorText = useErrorText()
  const isConflictOpen = ref(false)

  watch(opened.saveState, (state) => {
    if (state === 'conflict') isConflictOpen.value = true
  })

  /** Everything is saved by itself; who presses Ctrl+S wants it now. */
  async function save() {
    if (!(await opened.keepDraft()) && opened.saveState.value === 'conflict') isConflictOpen.value = true
  }

  /** Does something that needs the server and says it when it fails. */
  async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action()
      return true
    } catch (error) {
      toast({ kind: 'error', ...errorText(error) })
      return false
    }
  }

  return { isConflictOpen, save, attempt }
}
