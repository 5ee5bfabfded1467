/** Why a message was not taken, and what to do about it, each in one or two plain sentences. */
export interface Explanation {
  cause: string
  remedy: string
}

export type ExplanationLocale = 'en' | 'zh-CN'

/** Codes that mean the same, a code ending in `*` standing for all that begin so, and the texts. */
export type ExplanationRow = [codes: string[], texts: Record<ExplanationLocale, Explanation>]
