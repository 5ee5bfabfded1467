/** Byte order mark: without it Excel does not read a file as UTF-8. */
export const CSV_START = '\uFEFF'

/** One line of a CSV file (RFC 4180), of cells that no spreadsheet takes for formulas. */
export function csvLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map((cell) => quoted(typeof cell === 'string' ? harmless(cell) : cell)).join(',')}\r\n`
}

/**
 * Excel and its like run what begins with one of these, also behind spaces, and full-width signs too. A phone number
 * begins so and stays as it is: digits and stars can do nothing.
 */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/
const PHONE = /^\+[\d*]+$/

function harmless(cell: string): string {
  return FORMULA.test(cell) && !PHONE.test(cell) ? `'${cell}` : cell
}

function quoted(cell: string | number | undefined): string {
  if (cell === undefined) return ''
  const text = String(cell)
  return /[",\r\n;\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
