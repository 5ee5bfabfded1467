import type { LoginMethod } from '../../nodes/login/mobile-login.ts'
import { useErrorText } from '../api/useErrorText.ts'
import { useI18n } from '../i18n/index.ts'
import { useElements } from '../stores/elements.ts'
import { useTabs } from '../stores/tabs.ts'
import { useConfirm, useToast } from '../ui/index.ts'

/** Deletes a login method after asking. */
export function useDeleteLoginMethod(): (method: Pick<LoginMethod, 'id' | 'name'>) => Promise<void> {
  const { t } = useI18n()
  const elements = useElements()
  const tabs = useTabs()
  const confirm = useConfirm()
  const toast = useToast()
  const errorText = useErrorText()

  return async ({ id, name }) => {
    const question = { title: t('tree.deleteTitle', { name }), text: t('login.deleteText') }
    if (!(await confirm({ ...question, action: t('ui.delete'), danger: true }))) return
    try {
      await elements.deleteLoginMethod(id)
      tabs.close({ page: 'login-method', id })
    } catch (error) {
      toast({ kind: 'error', ...errorText(error) })
    }
  }
}
