import type { SmsProviderName } from '../settings.ts'
import { alibabaExplanations } from './alibaba.ts'
import { awsSnsExplanations } from './aws-sns.ts'
import type { Explanation, ExplanationLocale, ExplanationRow } from './explanation.ts'
import { networkExplanations } from './network.ts'
import { twilioExplanations } from './twilio.ts'

export type { Explanation, ExplanationLocale } from './explanation.ts'

const rows: Record<SmsProviderName, ExplanationRow[]> = {
  alibaba: [...alibabaExplanations, ...networkExplanations],
  'aws-sns': [...awsSnsExplanations, ...networkExplanations],
  twilio: [...twilioExplanations, ...networkExplanations],
}

/**
 * Puts a provider's code, or a transport code such as `ECONNREFUSED`, into words for people.
 * @param locale anything but `zh-CN` is answered in English
 * @returns null for a code that we do not know
 */
export function explainProviderCode(
  provider: SmsProviderName,
  code: string,
  locale: ExplanationLocale | (string & {}),
): Explanation | null {
  const row =
    rows[provider].find(([codes]) => codes.includes(code)) ??
    rows[provider].find(([codes]) => codes.some((known) => matchesFamily(known, code)))
  return row ? row[1][locale === 'zh-CN' ? 'zh-CN' : 'en'] : null
}

function matchesFamily(known: string, code: string): boolean {
  return known.endsWith('*') && code.startsWith(known.slice(0, -1))
}
