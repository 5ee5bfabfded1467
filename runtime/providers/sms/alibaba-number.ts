/** Mainland numbers as the bare 11 digits that every Alibaba action takes; others as country code and number. */
export function toAlibabaNumber(phone: string): string {
  return phone.replace(/^\+(86(?=1\d{10}$))?/, '')
}

/** The way back, as reports name numbers. @returns E.164, or undefined for what is no number */
export function fromAlibabaNumber(text: string): string | undefined {
  const mainland = /^(?:\+86|0086|86)?(1[3-9]\d{9})$/.exec(text)
  if (mainland) return `+86${mainland[1]}`
  return /^\+?[1-9]\d{6,14}$/.test(text) ? `+${text.replace('+', '')}` : undefined
}

/**
 * Alibaba takes 11 digits from 13… to 19… for a mainland number, with or without a plus: a number of North America,
 * such as `+1 415 555 0123`, would reach a stranger in China.
 * @see Alibaba Cloud "SendSms", PhoneNumbers, read 2026-08
 */
export function readsAsMainland(phone: string): boolean {
  return /^\+1[3-9]\d{9}$/.test(phone)
}
