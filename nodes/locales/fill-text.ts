/** Puts facts into the `{name}` holes of a text, in one pass; a hole without a fact stays visible. */
export function fillText(text: string, params: Readonly<Record<string, string | number>> = {}): string {
  return text.replace(/\{([A-Za-z]+)\}/g, (hole, name: string) =>
    Object.hasOwn(params, name) ? String(params[name]) : hole,
  )
}
