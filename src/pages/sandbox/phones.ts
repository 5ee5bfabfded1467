import type { SandboxMessage } from '../../../nodes/api/sandbox.ts'

/** One phone of the wall, its texts oldest first as on a real one. */
export interface Phone {
  number: string
  messages: SandboxMessage[]
  latest: string
}

/** Sorts texts to phones; the phone that got the latest text comes first. */
export function phonesOf(messages: readonly SandboxMessage[]): Phone[] {
  const phones = new Map<string, Phone>()
  for (const message of messages.toSorted((a, b) => a.at.localeCompare(b.at))) {
    const phone = phones.get(message.to) ?? { number: message.to, messages: [], latest: '' }
    phone.messages.push(message)
    phone.latest = message.at
    phones.set(message.to, phone)
  }
  return [...phones.values()].sort((a, b) => b.latest.localeCompare(a.latest))
}

/** Adds what just arrived; a text that is known already (the stream began anew) stays once. Keeps the newest `most`. */
export function addMessage(
  messages: readonly SandboxMessage[],
  added: SandboxMessage,
  most: number,
): SandboxMessage[] {
  const isSame = (each: SandboxMessage) => each.id === added.id && each.to === added.to
  return messages.some(isSame) ? [...messages] : [added, ...messages].slice(0, most)
}
