import type { UnknownMessage } from '../../../nodes/api/unknown-messages.ts'
import { useI18n } from '../../i18n/index.ts'

/** Where the look-ups of an unknown message stand, in words. */
export function usePhaseText() {
  const { t, locale } = useI18n()
  return ({ phase, nextLookUp }: Pick<UnknownMessage, 'phase' | 'nextLookUp'>): string => {
    const time = nextLookUp === null ? '' : momentText(nextLookUp, locale.value)
    return t(`unknown.phases.${phase}`, { time })
  }
}

/** A moment to the second: `Nov 26, 12:48:44 AM`. */
export function momentText(at: string, locale: string): string {
  return new Date(at).toLocaleString(locale, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
}
