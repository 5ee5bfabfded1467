import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { BenchCase } from './case.ts'
import { reachesGoal } from './case.ts'

const suites: Record<string, () => Promise<BenchCase[]>> = {
  engine: async () => (await import('./engine.ts')).benchEngine(),
  parked: async () => (await import('./parked.ts')).benchParked(),
  nodes: async () => (await import('./nodes.ts')).benchNodes(),
  server: async () => (await import('./server.ts')).benchServer(),
  'fan-out': async () => (await import('./fan-out.ts')).benchFanOut(),
  providers: async () => (await import('./providers.ts')).benchProviders(),
  messages: async () => (await import('./messages.ts')).benchMessages(),
  canvas: async () => (await import('./canvas.ts')).benchCanvas(),
  xray: async () => (await import('./xray.ts')).benchXRay(),
  validate: async () => (await import('./validate.ts')).benchValidate(),
  formula: async () => (await import('./formula.ts')).benchFormula(),
  approvals: async () => (await import('./approvals.ts')).benchApprovals(),
  login: async () => (await import('./login.ts')).benchLogin(),
}

const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } })
if (values.only !== undefined && !Object.hasOwn(suites, values.only)) {
  console.error(`--only takes one of: ${Object.keys(suites).join(', ')}`)
  process.exit(2)
}

const cases: BenchCase[] = []
for (const [name, suite] of Object.entries(suites)) {
  if (values.only !== undefined && values.only !== name) continue
  console.log(`\n${name}`)
  for (const each of await suite()) {
    cases.push(each)
    console.log(line(each))
  }
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(cases, null, 2)}\n`)
const missed = cases.filter((each) => !reachesGoal(each))
console.log(`\n${cases.length - missed.length} of ${cases.length} figures as they should be`)
process.exitCode = missed.length === 0 ? 0 : 1

function line(each: BenchCase): string {
  const ratio = each.ratio === undefined ? '' : `  ${each.ratio.toFixed(2)} × ${each.relativeTo}`
  const goal = each.goal === undefined ? '' : `  (goal: ${each.goal})`
  return `${reachesGoal(each) ? '✔' : '✘'} ${each.name.padEnd(52)} ${format(each.value)} ${each.unit}${ratio}${goal}`
}

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2)
}
