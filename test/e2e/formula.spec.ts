import path from 'node:path'
import type { Page } from '@playwright/test'
import fc from 'fast-check'
import { build } from 'vite'
import { FormulaError } from '../../nodes/errors.ts'
import type { Json } from '../../nodes/json.ts'
import { compileFormula } from '../../nodes/values/formula/formula.ts'
import { size } from '../crash/size.ts'
import { anyFormula, anyNames } from '../support/formulas.ts'
import { expect, languages, test } from './fixtures.ts'

interface Case {
  source: string
  names: Record<string, Json>
  timeZone: string
  language: string
}
interface Outcome {
  value?: Json
  reason?: string | number | undefined
  position?: number
}

type FormulaErrorThere = Pick<FormulaError, 'params' | 'position'>

const fixedNow = '2026-08-31T22:30:05.250Z'
const root = path.resolve(import.meta.dirname, '../..')

function outcomeHere({ source, names, timeZone, language }: Case): Outcome {
  const scope = { names, timeZone, language, now: () => new Date(fixedNow), random: () => 0.625 }
  try {
    return { value: compileFormula(source).evaluate(scope) }
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error
    return { reason: error.params.reason, position: error.position }
  }
}

/** The formula language as the page loads it, in a page of its own as `formulas`. */
async function loadFormulas(page: Page) {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry: 'nodes/exports.ts', formats: ['iife'], name: 'formulas', fileName: 'formulas' },
    },
  })
  const [bundle] = built as unknown as { output: [{ code: string }] }[]
  await page.addScriptTag({ content: bundle!.output[0].code })
}

/** What the page says; as texts on the way, because the type of any JSON has no end. */
async function outcomesThere(page: Page, cases: readonly Case[]): Promise<Outcome[]> {
  const text = await page.evaluate(
    ([all, now]) => {
      /* eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the bundle put there */
      const { compileFormula, FormulaError } = (globalThis as any).formulas
      const outcomes = JSON.parse(all).map(({ source, ...given }: { source: string }) => {
        try {
          return {
            value: compileFormula(source).evaluate({
              ...given,
              now: () => new Date(now),
              random: () => 0.625,
            }),
          }
        } catch (error) {
          if (!(error instanceof FormulaError)) throw error
          const { params, position } = error as FormulaErrorThere
          return { reason: params.reason, position }
        }
      })
      return JSON.stringify(outcomes)
    },
    [JSON.stringify(cases), fixedNow] as const,
  )
  return JSON.parse(text) as Outcome[]
}

test('a formula gives the same in the page as on the server', async ({ page }) => {
  await loadFormulas(page)
  const anyCase = fc.record({
    source: anyFormula,
    names: anyNames,
    timeZone: fc.constantFrom(
      'UTC',
      'Asia/Shanghai',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    ),
    language: fc.constantFrom('en', 'zh-CN', 'de'),
  })
  const cases = fc.sample(anyCase, size(3_000, 100_000))
  const there = await outcomesThere(page, cases)
  const differences = cases
    .map((each, index) => ({ ...each, here: outcomeHere(each), there: there[index] }))
    .filter((each) => JSON.stringify(each.here) !== JSON.stringify(each.there))
  expect(differences.slice(0, 3)).toEqual([])
  expect(there.filter(({ value }) => value !== undefined).length).toBeGreaterThan(cases.length / 5)
})

test('a date is the same in the page as on the server, in every time zone', async ({ page }) => {
  await loadFormulas(page)
  const zonesThere = new Set(await page.evaluate(() => Intl.supportedValuesOf('timeZone')))
  const zones = Intl.supportedValuesOf('timeZone').filter((zone) => zonesThere.has(zone))
  // What zones will do is decided anew every year, and two engines may know different decisions.
  const years = { min: new Date('1975-01-01'), max: new Date('2020-01-01'), noInvalidDate: true }
  const dates = fc.sample(fc.date(years), 10).map((date) => date.toISOString())
  const changes = [
    '2019-03-10T07:00:00Z',
    '2019-11-03T06:00:00Z',
    '2019-03-31T01:00:00Z',
    '2011-12-30T10:00:00Z',
  ]
  const cases = zones.flatMap((timeZone) =>
    [...dates, ...changes].map((date) => ({
      source:
        'DATESTR(date, "yyyy-MM-dd HH:mm:ss") & " " & WEEKDAYSTR(date) & WEEKOFYEAR(date) & " " & ' +
        'MOMENT(DATESTR(date, "yyyy-MM-dd HH:mm:ss")) & DATEADD(date, 1, "day") & DATEADD(date, -7, "month")',
      names: { date },
      timeZone,
      language: 'zh-CN',
    })),
  )
  const there = await outcomesThere(page, cases)
  const here = cases.map(outcomeHere)
  expect(there).toEqual(here)
  expect(here.every(({ value }) => typeof value === 'string')).toBe(true)
})

test('days, months and hours are added, and clocks read, as the standard for dates does', async ({
  page,
}) => {
  test.skip(!(await page.evaluate(() => 'Temporal' in globalThis)), 'this Chromium has no Temporal')
  await loadFormulas(page)
  const zones = [
    'America/New_York',
    'Europe/London',
    'Australia/Lord_Howe',
    'America/St_Johns',
    'Pacific/Apia',
    'Asia/Shanghai',
    'Asia/Tehran',
  ]
  const range = { min: new Date('1971-01-01'), max: new Date('2025-01-01'), noInvalidDate: true }
  const anyCase = fc.record({
    zone: fc.constantFrom(...zones),
    date: fc.date(range).map((date) => date.toISOString()),
    // whole half hours fall into gaps and overlaps more often than any other time
    wall: fc
      .date(range)
      .map((date) => new Date(Math.round(date.getTime() / 1_800_000) * 1_800_000).toISOString().slice(0, 19)),
    count: fc.integer({ min: -40, max: 40 }),
    unit: fc.constantFrom('year', 'month', 'week', 'day', 'hour', 'minute'),
  })
  // Every half hour of the days around changes of the clocks in 2026, besides.
  const nights = ['2026-03-08', '2026-11-01', '2026-03-29', '2026-10-25', '2026-04-05', '2026-10-04']
  const halves = Array.from(
    { length: 12 },
    (_, index) => `T0${Math.floor(index / 2)}:${index % 2 ? '30' : '00'}:00`,
  )
  const around = zones.flatMap((zone) =>
    nights.flatMap((night) =>
      halves.map((half) => ({ zone, date: fixedNow, wall: night + half, count: 1, unit: 'day' })),
    ),
  )
  const cases = [...fc.sample(anyCase, size(5_000, 100_000)), ...around]
  const differences = await page.evaluate((all) => {
    /* eslint-disable @typescript-eslint/no-explicit-any -- the types of Temporal are not in this TypeScript */
    const { formulas, Temporal } = globalThis as any
    const iso = (moment: any) => new Date(moment.epochMilliseconds).toISOString()
    return all.flatMap((each) => {
      const ask = (source: string) =>
        formulas.compileFormula(source).evaluate({ names: each, timeZone: each.zone, now: () => new Date(0) })
      const moment = Temporal.Instant.from(each.date).toZonedDateTimeISO(each.zone)
      const clock = Temporal.PlainDateTime.from(each.wall)
      const end = clock.add({ [`${each.unit}s`]: each.count }, { overflow: 'constrain' })
      const between = clock.until(Temporal.PlainDateTime.from(each.date.slice(0, 19)), {
        largestUnit: each.unit,
      })
      const pairs = [
        [ask('MOMENT(wall)'), iso(clock.toZonedDateTime(each.zone))],
        [ask('DATEADD(date, count, unit)'), iso(moment.add({ [`${each.unit}s`]: each.count }))],
        [ask('DATEADD(wall, count, unit)'), end.toString({ smallestUnit: 'second' })],
        [ask('DATEDIF(wall, LEFT(date, 19), unit)'), between[`${each.unit}s`]],
        [ask('WEEKOFYEAR(date)'), moment.weekOfYear],
        [ask('DAYOFYEAR(date)'), moment.dayOfYear],
        [ask('WEEKDAYNUM(date)'), moment.dayOfWeek],
        [ask('MONTHDAYS(date)'), moment.daysInMonth],
        [ask('HOUR(date)'), moment.hour],
      ]
      return pairs.some(([ours, theirs]) => ours !== theirs) ? [{ ...each, pairs }] : []
    })
  }, cases)
  expect(differences.slice(0, 3)).toEqual([])
})

for (const language of languages) {
  test.describe(`in ${language}`, () => {
    test.use({ language })

    test('a formula offers the functions while it is typed, with what they do', async ({ app, t }) => {
      await app.getByRole('treeitem', { name: 'My first function' }).click()
      await app
        .getByRole('treeitem', { name: t('nodes.condition.title') })
        .dragTo(app.getByTestId('flow-canvas'), { targetPosition: { x: 480, y: 300 } })
      await app
        .getByTestId('node-card')
        .filter({ hasText: t('nodes.condition.title') })
        .last()
        .dblclick()
      const content = app.getByTestId('formula-editor').first().locator('.cm-content')
      await content.fill('')
      const isChinese = language === 'zh-CN'
      await content.pressSequentially(isChinese ? '任一' : 'any')
      const option = app.getByRole('option', {
        name: isChinese ? '任一满足(列表, 条件)' : 'ANY(list, condition)',
      })
      await expect(option).toBeVisible()
      await expect(app.getByText(t('formula.functions.ANY.help'))).toBeVisible()
      await expect(app.getByText(t('formula.functions.ANY.example'))).toBeVisible()
      await option.click()
      await expect(content).toHaveText(isChinese ? /^任一满足\(/ : /^ANY\(/)
    })
  })
}
