import { ref, watch } from 'vue'
import { useErrorText } from '../../api/useErrorText.ts'
import { useI18n } from '../../i18n/index.ts'
import { useConfirm, useToast } from '../../ui/index.ts'
import { downloadGraph } from './graph-file.ts'
import type { useFunctionDocument } from './useFunctionDocument.ts'

/** Saving, going back and settling a conflict as a person sees them: with questions, notices and reasons. */
export function useFunctionSaving(opened: ReturnType<typeof useFunctionDocument>) {
  const { t } = useI18n()
  const toast = useToast()
  const confirm = useConfirm()
  const errorText = useErrorText()
  const isSaving = ref(false)
  const isSettling = ref(false)
  const isConflictOpen = ref(false)

  watch(opened.saveState, (state) => {
    if (state === 'conflict') isConflictOpen.value = true
  })

  async function save() {
    if (isSaving.value || !opened.store.isDirty) return
    isSaving.value = true
    try {
      if (await opened.save()) toast({ kind: 'success', title: t('function.saveDone') })
    } catch (error) {
      const { title: reason, text } = errorText(error)
      toast({ kind: 'error', title: t('function.saveFailed', { reason }), text })
    } finally {
      isSaving.value = false
    }
  }

  async function discardDraft() {
    const question = {
      title: t('function.draft.discardTitle'),
      text: t('function.draft.discardText'),
      action: t('function.draft.discard'),
      danger: true,
    }
    if (!(await confirm(question))) return
    if (await attempt(opened.discardDraft)) toast({ kind: 'success', title: t('function.draft.discarded') })
  }

  /** Two ways out of a conflict; the own graph is kept as a file before the other one is opened. */
  async function settle(how: 'keep' | 'reload') {
    isSettling.value = true
    if (how === 'reload') downloadGraph(opened.store.graph())
    const isSettled = await attempt(how === 'keep' ? opened.keepMine : opened.open)
    isSettling.value = false
    if (isSettled) isConflictOpen.value = false
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

  return { isSaving, isSettling, isConflictOpen, save, discardDraft, settle, attempt }
}
