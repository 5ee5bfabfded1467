import { ref } from 'vue'
import { ApiError } from '../api/api-error.ts'
import { useErrorText } from '../api/useErrorText.ts'
import { useI18n } from '../i18n/index.ts'
import { useConfirm, useToast } from '../ui/index.ts'

export interface SavingOptions<Saved> {
  /** Where the texts of the kind of element stand in the locale files. */
  texts: 'login' | 'service' | 'template'
  /** False: something is missing or wrong, and the form says it. */
  check: () => boolean
  /** Puts a refusal beside its fields. @returns true where that says all there is to say */
  showRefusal: (error: unknown) => boolean
  /** The revision that stands in the form. */
  revision: () => number
  /** Saves what stands in the form over a revision. */
  put: (revision: number) => Promise<Saved>
  /** What the server has now. */
  load: () => Promise<Saved>
  /** Goes on with what the server has. */
  take: (saved: Saved) => void
}

/** Saving the page of an element that others may be saving too. */
export function useSaving<Saved extends { name: string; revision: number }>(options: SavingOptions<Saved>) {
  const { texts, check, showRefusal, revision, put, load, take } = options
  const { t } = useI18n()
  const confirm = useConfirm()
  const toast = useToast()
  const errorText = useErrorText()
  const isSaving = ref(false)

  async function save() {
    if (!check()) return
    isSaving.value = true
    try {
      await putOver(revision())
    } catch (error) {
      if (error instanceof ApiError && error.code === 'CONFLICT') await settleConflict()
      else if (!showRefusal(error)) toast({ kind: 'error', ...errorText(error) })
    } finally {
      isSaving.value = false
    }
  }

  async function putOver(known: number) {
    take(await put(known))
    toast({ kind: 'success', title: t(`${texts}.saved`) })
  }

  /** Somebody else saved first: either theirs is loaded, or what stands here is saved over it. Nothing is lost unasked. */
  async function settleConflict() {
    try {
      const theirs = await load()
      const overwrite = await confirm({
        title: t(`${texts}.conflictTitle`),
        text: t(`${texts}.conflictText`, { name: theirs.name }),
        action: t(`${texts}.conflictOverwrite`),
        danger: true,
      })
      if (overwrite) await putOver(theirs.revision)
      else
        toast({
          kind: 'info',
          title: t(`${texts}.conflictKept`),
          action: { label: t(`${texts}.conflictLoad`), run: () => take(theirs) },
        })
    } catch (error) {
      toast({ kind: 'error', ...errorText(error) })
    }
  }

  return { isSaving, save }
}
