import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { CsvError, parse } from 'csv-parse'
import type { Member, SkipReason } from '../../nodes/directory/schema.ts'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import en from '../../nodes/locales/en.json' with { type: 'json' }
import { readPhone } from './phone.ts'

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
}

/** Why a line is refused or doubtful. Texts: `csv.<key>` in the locale files. */
export interface LineProblem {
  line: number
  key: keyof typeof en.csv
  message: string
}
export function lineProblem(line: number, key: LineProblem['key']): LineProblem {
  return { line, key, message: en.csv[key] }
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
      if ((lines.length + refused.length) % 500 === 0) await nextTurn()
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
  return Readable.from(slices(content)).pipe(
    parse({ delimiter, info: true, relax_column_count: true, skip_empty_lines: true, trim: true }),
  )
}

/** The parser works through what it gets in one go, so it gets little at a time. */
function* slices(text: string): Generator<string> {
  const size = 64 * 1024
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

const columnNames = {
  id: ['id', '编号', '工号'],
  name: ['name', '姓名', '名字'],
  phone: ['phone', 'mobile', 'phone number', '手机号', '手机', '手机号码', '电话'],
  status: ['status', '状态'],
  departments: ['departments', 'department', '部门'],
} as const
type Columns = Partial<Record<keyof typeof columnNames, number>>

function findColumns(header: string[]): Columns {
  const names = header.map((cell) => cell.trim().toLowerCase())
  const columns: Columns = {}
  for (const [column, known] of Object.entries(columnNames) as [keyof Columns, readonly string[]][]) {
    const index = names.findIndex((name) => known.includes(name))
    if (index !== -1) columns[column] = index
  }
  return columns
}

const statuses = new Map<string, Member['status']>([
  ['in-service', 'in-service'],
  ['in service', 'in-service'],
  ['active', 'in-service'],
  ['在职', 'in-service'],
  ['resigned', 'resigned'],
  ['left', 'resigned'],
  ['离职', 'resigned'],
])

function readLine(
  record: string[],
  line: number,
  columns: Columns,
  country: string,
): MemberLine | LineProblem {
  const cell = (column: keyof Columns) => record[columns[column] ?? -1]?.trim() || undefined
  const [id, name, phone, status] = [cell('id'), cell('name'), cell('phone'), cell('status')]
  if (name === undefined) return lineProblem(line, 'nameMissing')
  if (name.length > 200 || (id?.length ?? 0) > 100 || (phone?.length ?? 0) > 50) {
    return lineProblem(line, 'tooLong')
  }
  const knownStatus = status === undefined ? undefined : statuses.get(status.toLowerCase())
  if (status !== undefined && knownStatus === undefined) return lineProblem(line, 'statusUnknown')
  const departments = cell('departments')
    ?.split(/[;；]/)
    .filter((path) => path.trim() !== '')
    .map((path) => path.split('/').map((part) => part.trim()))
  const isPathBroken = departments?.some((path) => path.some((part) => part === '' || part.length > 200))
  if (isPathBroken || (departments?.length ?? 0) > 100) return lineProblem(line, 'departmentPath')
  return {
    line,
    id,
    name,
    ...(phone === undefined ? { phone, phoneProblem: undefined } : readPhone(phone, country)),
    status: knownStatus,
    departments,
  }
}

function tooManyLines(): FlowError {
  return new FlowError(ErrorCode.CsvInvalid, `The file has more than ${MAX_LINES} lines`, {
    hint: 'Split the file and import its parts one after the other.',
    params: { limit: MAX_LINES },
  })
}
