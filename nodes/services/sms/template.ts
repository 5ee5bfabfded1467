/** `${name}`: letters of any script, digits and `_`. Alibaba's templates use the same form. */
const placeholder = /\$\{([\p{L}_][\p{L}\p{N}_]{0,63})\}/gu

/** The names of a text's placeholders, each once, in order of appearance. */
export function placeholdersOf(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(placeholder), (match) => match[1]!))]
}

/**
 * Takes out of a value what no person types but what can change how the rest of a text looks: control characters
 * other than line breaks and tabs, and the marks that turn the direction of writing.
 */
export function cleanVariable(value: string): string {
  return value.replace(/\r\n?/g, '\n').replace(/(?![\n\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/gu, '')
}

/** Fills a text in one pass: a value that itself looks like a placeholder stays as it is. */
export function renderTemplate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(placeholder, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name]! : whole,
  )
}
