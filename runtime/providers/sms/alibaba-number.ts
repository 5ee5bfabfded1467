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
