/** A person who wants no texts. Lifted ones stay as a record. */
export interface OptOutRow {
  /** Empty: every service. */
  serviceId: string
  /** The sender that the person answered to; empty where that is not known. */
  sender: string
  phone: string
  /** A reply from the phone, the provider's refusal, or a person at this server. */
  source: 'reply' | 'provider' | 'person'
  reason: string
  since: number
  lifted: number | undefined
  liftedWhy: string | undefined
}

/** The part of the ledger that knows who wants no texts. */
export interface OptOuts {
  /** @returns false where nothing changed */
  keep(optOut: Omit<OptOutRow, 'lifted' | 'liftedWhy'>): Promise<boolean>
  /** Lifts what these sources set until `at`. @returns false where nothing changed */
  lift(
    optOut: Pick<OptOutRow, 'serviceId' | 'phone'> & {
      sources: OptOutRow['source'][]
      at: number
      why: string
    },
  ): Promise<boolean>
  all(): Promise<OptOutRow[]>
  /** Takes an answer of a phone, with what follows from it, once. @returns false where it was taken already */
  takeAnswer(answer: PhoneAnswer): Promise<boolean>
}

/** A text from a phone to one of our senders. The text itself is not kept. */
export interface PhoneAnswer {
  /** The provider and its own id of the text. */
  id: string
  at: number
  meaning: 'stop' | 'start' | 'other'
  phone: string
  /** The word that was understood. */
  word: string
  /** The services that use the sender that was answered to. */
  to: { serviceId: string; sender: string }[]
}

/** What a person's answer may lift: what such an answer has set here, or at the provider. Never a person's own block. */
export const liftedByStart: OptOutRow['source'][] = ['reply', 'provider']
