import type { OutgoingSms } from '../../../nodes/services/sms/provider.ts'
import { readsAsMainland, toAlibabaNumber } from './alibaba-number.ts'
import { SendBatchSmsRequest, SendSmsRequest } from './alibaba-sdk.ts'

/** Numbers of one SendSms, and of one SendBatchSms. @see Alibaba Cloud "SendSms", "SendBatchSms", read 2026-08 */
const MOST_WITH_SAME_TEXT = 1_000
const MOST_WITH_OWN_TEXTS = 100

/**
 * How many of these messages fit into one request, counted from the first: up to 1,000 who read the same, or up to
 * 100 who read the same template with other values; mainland numbers and others never together.
 */
export function batchSize(messages: readonly OutgoingSms[]): number {
  const [first] = messages
  if (!first || readsAsMainland(first.to)) return 1
  let size = 1
  let isSame = true
  for (; size < Math.min(messages.length, MOST_WITH_SAME_TEXT); size++) {
    const next = messages[size]!
    if (next.templateCode !== first.templateCode || readsAsMainland(next.to)) break
    if (isMainland(next) !== isMainland(first)) break
    isSame &&= hasSameValues(next, first)
    if (!isSame && size >= MOST_WITH_OWN_TEXTS) break
  }
  return size
}

export function haveSameText(messages: readonly OutgoingSms[]): boolean {
  return messages.every((message) => hasSameValues(message, messages[0]!))
}

/** SendSms: one text to many numbers. */
export function sameText(messages: readonly OutgoingSms[], signName: string) {
  const [first] = messages
  return new SendSmsRequest({
    phoneNumbers: messages.map(({ to }) => toAlibabaNumber(to)).join(','),
    signName,
    templateCode: first!.templateCode,
    templateParam: JSON.stringify(first!.templateVariables ?? {}),
    outId: first!.id,
  })
}

/** SendBatchSms: one template, each number with its own values. */
export function ownTexts(messages: readonly OutgoingSms[], signName: string) {
  const [first] = messages
  return new SendBatchSmsRequest({
    phoneNumberJson: JSON.stringify(messages.map(({ to }) => toAlibabaNumber(to))),
    signNameJson: JSON.stringify(messages.map(() => signName)),
    templateCode: first!.templateCode,
    templateParamJson: JSON.stringify(messages.map(({ templateVariables }) => templateVariables ?? {})),
    outId: first!.id,
  })
}

function isMainland({ to }: OutgoingSms): boolean {
  return to.startsWith('+86')
}

function hasSameValues(one: OutgoingSms, other: OutgoingSms): boolean {
  const { templateVariables: values = {} } = one
  const { templateVariables: others = {} } = other
  if (values === others) return true
  const names = Object.keys(values)
  return (
    names.length === Object.keys(others).length &&
    names.every((name) => Object.hasOwn(others, name) && values[name] === others[name])
  )
}
