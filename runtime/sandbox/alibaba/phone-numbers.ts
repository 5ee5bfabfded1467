/**
 * Reads a number as Alibaba takes it: 11 digits of mainland China with `+86`, `0086`, `86` or nothing before them;
 * elsewhere country code and number, with or without a plus.
 * @returns E.164, or undefined for what is no number
 */
export function readPhone(text: string): string | undefined {
  const mainland = /^(?:\+86|0086|86)?(1[3-9]\d{9})$/.exec(text)
  if (mainland) return `+86${mainland[1]}`
  const elsewhere = /^\+?([1-9]\d{6,14})$/.exec(text)
  return elsewhere ? `+${elsewhere[1]}` : undefined
}

/** The way Alibaba names a number in its answers: 11 digits for mainland China, otherwise without the plus. */
export function showPhone(e164: string): string {
  return e164.replace(/^\+(86(?=1[3-9]\d{9}$))?/, '')
}
