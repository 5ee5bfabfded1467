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
  return paths.map((path) => path.map((name) => escape(name, /[\\/;；]/g)).join('/')).join('; ')
}

/** @returns the paths; parts may be empty where the cell is not well written */
export function readPaths(cell: string): string[][] {
  return split(cell, /[;；]/)
    .map((path) => split(path, /\//).map(unescape))
    .filter((path) => path.join('') !== '' || path.length > 1)
}

/** Names as one cell: `First aider; Fire warden`. A backslash stands before `;` and `\` in names. */
export function writeNames(names: readonly string[]): string {
  return names.map((name) => escape(name, /[\\;；]/g)).join('; ')
}

export function readNames(cell: string): string[] {
  return split(cell, /[;；]/)
    .map(unescape)
    .filter((name) => name !== '')
}

function escape(name: string, signs: RegExp): string {
  return name.replace(signs, (found) => `\\${found}`)
}

/** The parts between signs that no backslash stands before, escaped as they are. */
function split(text: string, sign: RegExp): string[] {
  const parts = ['']
  for (const piece of text.match(/\\?[^]/gu) ?? []) {
    if (sign.test(piece) && !piece.startsWith('\\')) parts.push('')
    else parts[parts.length - 1] += piece
  }
  return parts
}

function unescape(part: string): string {
  return part.replace(/\\([^]?)/gu, '$1').trim()
}
