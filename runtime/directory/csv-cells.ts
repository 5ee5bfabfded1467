/**
 * Cells that a spreadsheet would take for a formula, a phone number with `+` included, and those that look like an
 * escaped one. @see "CSV Injection", OWASP
 */
const formula = /^'*[=+\-@\t\r＝＋－＠]/
const escaped = /^'+[=+\-@\t\r＝＋－＠]/

/** A cell as it is written: no spreadsheet computes it, and `readCell` gives back the text. */
export function writeCell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text
  return /["',;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The text of a cell without the apostrophe that keeps spreadsheets from computing it. */
export function readCell(cell: string): string {
  return escaped.test(cell) ? cell.slice(1) : cell
}

/** Department paths as one cell: `Plant North/Maintenance; Head office`. A backslash stands before `/`, `;` and `\` in names. */
export function writePaths(paths: readonly (readonly string[])[]): string {
  const escape = (name: string) => name.replace(/[\\/;；]/g, (found) => `\\${found}`)
  return paths.map((path) => path.map(escape).join('/')).join('; ')
}

/** @returns the paths; parts may be empty where the cell is not well written */
export function readPaths(cell: string): string[][] {
  const paths: string[][] = [['']]
  let isEscaped = false
  for (const character of cell) {
    const path = paths.at(-1)!
    if (isEscaped) {
      path[path.length - 1] += character
      isEscaped = false
    } else if (character === '\\') isEscaped = true
    else if (character === '/') path.push('')
    else if (character === ';' || character === '；') paths.push([''])
    else path[path.length - 1] += character
  }
  return paths
    .map((path) => path.map((name) => name.trim()))
    .filter((path) => path.join('') !== '' || path.length > 1)
}
