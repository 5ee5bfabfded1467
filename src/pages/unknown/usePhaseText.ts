import type { UnknownMessage } from '../../../nodes/api/unknown-messages.ts'
import { useI18n } from '../../i18n/index.ts'
import { timeText } from '../function/run-texts.ts'

type Standing = Pick<UnknownMessage, 'phase' | 'nextLookUp' | 'held' | 'sendsAgain' | 'nextAttempt'>

/** Where the look-ups of an unknown message stand, and whether it is sent again by itself, in words. */
export function usePhaseText() {
  const { t, locale } = useI18n()
  const againText = ({ phase, held, sendsAgain, nextAttempt }: Standing): string => {
    const time = nextAttempt === null ? '' : timeText(nextAttempt, locale.value)
    if (held === undefined) {
      if (!sendsAgain || phase === 'resending') return ''
      return time ? t('unknown.sendsAgainAt', { time }) : t('unknown.sendsAgain')
    }
    if (time) return t('unknown.heldUntil', { time })
    return held === 'expired' ? t('unknown.heldExpired') : t('unknown.held', { reason: t(`skipped.${held}`) })
  }
  return (standing: Standing): string => {
    const { phase, nextLookUp } = standing
    const time = nextLookUp === null ? '' : timeText(nextLookUp, locale.value)
    return `${t(`unknown.phases.${phase}`, { time })} ${againText(standing)}`.trim()
  }
}
