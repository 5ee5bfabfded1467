import { encodeTime } from 'ulid'
import type { MessageFilter } from '../../nodes/api/messages.ts'
import type { DeliveryState, MessageState } from '../../nodes/messages.ts'
import { readPhone } from '../directory/phone.ts'

/** Which messages are looked for, as the store knows them. Plain data: it goes to another thread. */
export interface MessageSearch {
  states?: readonly MessageState[] | undefined
  delivery?: readonly DeliveryState[] | undefined
  serviceId?: string | undefined
  functionName?: string | undefined
  /** E.164. */
  phone?: string | undefined
  /** Member id, or part of the name. */
  person?: string | undefined
  /** Key of the oldest run that may be meant. */
  fromRun: string
  /** Key of the first run after those that may be meant. */
  toRun: string
}

/** Sorts after every run id. */
const NO_END = '~'

/**
 * @param country where numbers without `+` belong
 */
export function messageSearch(filter: MessageFilter, country: string): MessageSearch {
  const { state, delivery, service, person, from, to } = filter
  return {
    states: state,
    delivery,
    serviceId: service,
    functionName: filter.function,
    ...(person !== undefined && readPerson(person, country)),
    fromRun: from === undefined ? '' : firstRunAt(from),
    toRun: to === undefined ? NO_END : firstRunAt(to),
  }
}

function readPerson(person: string, country: string): Pick<MessageSearch, 'person' | 'phone'> {
  const phone = /\d/.test(person) ? readPhone(person, country).phone : ''
  return /^\+\d+$/.test(phone) ? { phone } : { person }
}

/** Run ids are ULIDs: their first ten characters are the time. */
export function firstRunAt(time: string): string {
  return encodeTime(Math.max(0, Date.parse(time)), 10)
}
