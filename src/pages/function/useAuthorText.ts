import { onMounted, ref } from 'vue'
import type { Author } from '../../../nodes/api/elements.ts'
import { useApi } from '../../api/client.ts'
import { useI18n } from '../../i18n/index.ts'

/** Names who changed something: this browser, another one, a program. */
export function useAuthorText(): (author: Author | undefined) => string {
  const { t } = useI18n()
  const api = useApi()
  const own = ref<string>()

  onMounted(async () => {
    // without an answer this browser is named like any other
    own.value = (await api.call('session').catch(() => undefined))?.session
  })

  return (author) => {
    if (!author) return t('versions.author.unknown')
    const device = author.device ?? t('versions.author.unnamed')
    switch (author.kind) {
      case 'page':
        if (author.session === own.value) return t('versions.author.you')
        return author.name !== undefined
          ? t('versions.author.member', { device, name: author.name })
          : t('versions.author.page', { device, session: author.session ?? '' })
      case 'program':
        return t('versions.author.program', { device })
      case 'library':
        return t('versions.author.library')
    }
  }
}
