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
  /** @returns false where the answer with this id was taken already */
  keepInbound(inbound: { id: string; at: number; meaning: 'stop' | 'start' | 'other' }): Promise<boolean>
}
