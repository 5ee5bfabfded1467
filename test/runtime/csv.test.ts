import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvLine } from '../../runtime/csv.ts'

describe('a line of CSV', () => {
  it('is read back as it was written, but for the quote before what could be a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (cells) => {
        const [read] = parse(csvLine(cells), { relax_column_count: true }) as string[][]
        expect(read!.map((cell, index) => (cell === `'${cells[index]}` ? cells[index] : cell))).toEqual(cells)
      }),
    )
  })

  it.each([
    '=1+1',
    '+cmd',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    ' =1',
    '＝1',
    '＠x',
    '+1=2',
    '=HYPERLINK("http://x")',
  ])('makes %j harmless', (cell) => expect((parse(csvLine([cell])) as string[][])[0]![0]).toBe(`'${cell}`))

  it.each(['+12025550101', '+12****0101', 'Ada', "O'Neill", '01-02', ''])('leaves %j as it is', (cell) =>
    expect(csvLine([cell])).toBe(`${cell}\r\n`),
  )
})
