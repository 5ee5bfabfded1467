/** `{{1}}` or `{{name}}`: what stands for a variable in a content template of Twilio. */
const contentPlaceholder = /\{\{([\p{L}\p{N}_]{1,64})\}\}/gu

/** The names of the placeholders of a content template, each once, in order of appearance. */
export function contentPlaceholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(contentPlaceholder)].map(([, name]) => name!))]
}

/** Fills a content template in one pass; a placeholder without a value stays as it is. */
export function renderContentTemplate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(contentPlaceholder, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name]! : whole,
  )
}
