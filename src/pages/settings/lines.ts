/** The lines of a text that hold something: how a list is typed. */
export function linesOf(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** The first fault inside a list, whose items have no fields of their own. */
export function listError(errors: Readonly<Record<string, string>>, name: string): string {
  const found = Object.keys(errors).find((path) => path === name || path.startsWith(`${name}/`))
  return found === undefined ? '' : errors[found]!
}
