import { holiday, type Holiday } from '../../../../nodes/api/triggers.ts'

/** How the list of holidays is typed: `2026-12-25 Christmas Day`, one a line. */
export function writeHolidayLines(holidays: readonly Holiday[]): string {
  return holidays.map(({ date, name }) => `${date} ${name}`.trim()).join('\n')
}

/** @returns the holidays, or the number of the first line that is none */
export function readHolidayLines(text: string): { holidays: Holiday[] } | { wrongLine: number } {
  const holidays: Holiday[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.trim()
    if (words === '') continue
    const [date = ''] = words.split(/\s/)
    const parsed = holiday.safeParse({ date, name: words.slice(date.length).trim() })
    if (!parsed.success) return { wrongLine: index + 1 }
    holidays.push(parsed.data)
  }
  return { holidays }
}
