import type { MessageTemplate } from '../../nodes/message-templates/schema.ts'
import { useApi } from '../api/client.ts'
import { useErrorText } from '../api/useErrorText.ts'
import { useI18n } from '../i18n/index.ts'
import { useElements } from '../stores/elements.ts'
import { useTabs } from '../stores/tabs.ts'
import { useConfirm, useToast } from '../ui/index.ts'

/** Deletes a message template after asking; one that is used is not deleted, and the functions that use it are named. */
export function useDeleteTemplate(): (template: Pick<MessageTemplate, 'id' | 'name'>) => Promise<void> {
  const { t } = useI18n()
  const api = useApi()
  const elements = useElements()
  const tabs = useTabs()
  const confirm = useConfirm()
  const toast = useToast()
  const errorText = useErrorText()

  return async ({ id, name }) => {
    try {
      const usage = await api.call('messageTemplateUsage', { params: { id } })
      if (usage.length > 0) {
        const functions = [...new Set(usage.map((each) => each.functionTitle))].join(t('tree.listSeparator'))
        toast({
          kind: 'error',
          title: t('tree.inUseTitle', { name }),
          text: t('tree.templateInUseText', { functions }),
        })
        return
      }
      const question = { title: t('tree.deleteTitle', { name }), text: t('tree.deleteTemplateText') }
      if (!(await confirm({ ...question, action: t('ui.delete'), danger: true }))) return
      await elements.deleteTemplate(id)
      tabs.close({ page: 'message-template', id })
    } catch (error) {
      toast({ kind: 'error', ...errorText(error) })
    }
  }
}
