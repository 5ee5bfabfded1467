import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { memberStatus, member as memberSchema } from '../../nodes/directory/schema.ts'
import type { Member, SkipReason } from '../../nodes/directory/schema.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import en from '../../nodes/locales/en.json' with { type: 'json' }
import { readCell, readNames, readPaths } from './csv-cells.ts'
import { findColumns } from './csv-columns.ts'
import type { Columns } from './csv-columns.ts'
import { readPhone } from './phone.ts'
import { TimeSlices } from './time-slices.ts'

export const MAX_LINES = 100_000

/** One line of the file. What its cell leaves empty is `undefined`. */
export interface MemberLine {
  line: number
  id: string | undefined
  name: string
  /** Normalised like any other number. */
  phone: string | undefined
  phoneProblem: SkipReason | undefined
  status: Member['status'] | undefined
  /** Paths from the top: `[['Plant North', 'Maintenance']]`. */
  departments: string[][] | undefined
  /** Paths of the departments that this person leads. */
  leads: string[][] | undefined
  /** Names. */
  organisationRoles: string[] | undefined
  email: string | undefined
  locale: string | undefined
  timeZone: string | undefined
  userName: string | undefined
  externalId: string | undefined
}

/** Why a line is refused or doubtful. Texts: `csv.<key>`, or `skipped.<key>`, in the locale files. */
export interface LineProblem {
  line: number
  key: keyof typeof en.csv | SkipReason
  message: string
}
export function lineProblem(line: number, key: LineProblem['key']): LineProblem {
  return { line, key, message: { ...en.skipped, ...en.csv }[key] }
}

/**
 * Reads members from CSV in steps, so that other requests are answered in between. Columns are found by their
 * English or Chinese names, in any order; comma, semicolon or tab stand between cells; Excel's byte order mark,
 * quotes and line ends are understood.
 *
 * @param country where numbers without `+` belong
 * @throws FlowError `CSV_INVALID` where there are more than 100,000 lines
 */
export async function readMembersCsv(
  text: string,
  country: string,
): Promise<{ lines: MemberLine[]; refused: LineProblem[] }> {
  const lines: MemberLine[] = []
  const refused: LineProblem[] = []
  const slices = new TimeSlices()
  let columns: Columns | undefined
  try {
    for await (const { record, info } of records(text)) {
      if (!columns) {
        columns = findColumns(record)
        if (columns.name === undefined) return { lines, refused: [lineProblem(1, 'noHeader')] }
        continue
      }
      const line = readLine(record, info.lines, columns, country)
      if ('key' in line) refused.push(line)
      else lines.push(line)
      if (lines.length + refused.length > MAX_LINES) throw tooManyLines()
      if (slices.isOver) await slices.next()
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return { lines, refused: [...refused, lineProblem(Number(error['lines'] ?? 1), 'quotes')] }
  }
  return columns ? { lines, refused } : { lines, refused: [lineProblem(1, 'noHeader')] }
}

interface CsvRecord {
  record: string[]
  info: { lines: number }
}

function records(text: string): AsyncIterable<CsvRecord> {
  const content = text.replace(/^\uFEFF/, '')
  const header = content.slice(0, content.search(/[\r\n]|$/))
  const delimiter = header.includes(',') ? ',' : header.includes(';') ? ';' : '\t'
  return Readable.from(slicesOf(content)).pipe(
    parse({ delimiter, info: true, relax_column_count: true, skip_empty_lines: true, trim: true }),
  )
}

/** The parser works through what it gets in one go, so it gets little at a time. */
function* slicesOf(text: string): Generator<string> {
  const size = 32 * 1024
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

const statuses = new Map<string, Member['status']>([
  ...memberStatus.options.map((status) => [status, status] as const),
  ['in service', 'in-service'],
  ['active', 'in-service'],
  ['在职', 'in-service'],
  ['left', 'resigned'],
  ['离职', 'resigned'],
])

function readLine(
  record: string[],
  line: number,
  columns: Columns,
  country: string,
): MemberLine | LineProblem {
  const cell = (column: keyof Columns) => readCell(record[columns[column] ?? -1]?.trim() ?? '') || undefined
  const name = cell('name')
  const [id, phone, userName, externalId] = [cell('id'), cell('phone'), cell('userName'), cell('externalId')]
  if (name === undefined) return lineProblem(line, 'nameMissing')
  const isTooLong = [name, userName, externalId].some((each) => (each?.length ?? 0) > 200)
  if (isTooLong || (id?.length ?? 0) > 100 || (phone?.length ?? 0) > 50) return lineProblem(line, 'tooLong')

  const status = cell('status')
  const knownStatus = status === undefined ? undefined : statuses.get(status.toLowerCase())
  if (status !== undefined && knownStatus === undefined) return lineProblem(line, 'statusUnknown')
  const email = memberSchema.shape.email.safeParse(cell('email'))
  if (!email.success) return lineProblem(line, 'emailUnreadable')
  const locale = memberSchema.shape.locale.safeParse(cell('locale'))
  if (!locale.success) return lineProblem(line, 'localeUnknown')
  const timeZone = memberSchema.shape.timeZone.safeParse(cell('timeZone'))
  if (!timeZone.success) return lineProblem(line, 'timeZoneUnknown')
  const list = <T>(column: keyof Columns, read: (cell: string) => T) => {
    const text = cell(column)
    return text === undefined ? undefined : read(text)
  }
  const departments = list('departments', readPaths)
  const leads = list('leads', readPaths)
  const isPathBroken = [...(departments ?? []), ...(leads ?? [])].some((path) =>
    path.some((part) => part === '' || part.length > 200),
  )
  if (isPathBroken || (departments?.length ?? 0) > 100) return lineProblem(line, 'departmentPath')
  const organisationRoles = list('organisationRoles', readNames)
  if (organisationRoles?.some((role) => role.length > 200)) return lineProblem(line, 'tooLong')
  return {
    line,
    id,
    name,
    ...(phone === undefined ? { phone, phoneProblem: undefined } : readPhone(phone, country)),
    status: knownStatus,
    departments,
    leads,
    organisationRoles,
    email: email.data,
    locale: locale.data,
    timeZone: timeZone.data,
    userName,
    externalId,
  }
}

function tooManyLines(): FlowError {
  return new FlowError(ErrorCode.CsvInvalid, `The file has more than ${MAX_LINES} lines`, {
    hint: 'Split the file and import its parts one after the other.',
    params: { limit: MAX_LINES },
  })
}
