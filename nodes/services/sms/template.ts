/** `${name}`: letters of any script, digits and `_`. Alibaba's templates use the same form. */
export const placeholderPattern = /\$\{([\p{L}_][\p{L}\p{N}_]{0,63})\}/gu

/** A text cut at its placeholders: `texts` has one entry more than `names`. */
interface CutTemplate {
  texts: readonly string[]
  names: readonly string[]
}

const cut = new Map<string, CutTemplate>()
const MAX_KEPT = 500

/** A function sends the same text again and again: it is cut once. */
function cutTemplate(text: string): CutTemplate {
  let template = cut.get(text)
  if (!template) {
    const parts = text.split(placeholderPattern)
    template = {
      texts: parts.filter((_, index) => index % 2 === 0),
      names: parts.filter((_, index) => index % 2 === 1),
    }
    if (cut.size >= MAX_KEPT) cut.clear()
    cut.set(text, template)
  }
  return template
}

/** The names of a text's placeholders, each once, in order of appearance. */
export function placeholdersOf(text: string): string[] {
  return [...new Set(cutTemplate(text).names)]
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
  const { texts, names } = cutTemplate(text)
  let rendered = texts[0]!
  for (const [index, name] of names.entries()) {
    rendered += (Object.hasOwn(values, name) ? values[name]! : `\${${name}}`) + texts[index + 1]!
  }
  return rendered
}
