/** `npm test`: everything a clean checkout must pass. Installs what it needs. */
import path from 'node:path'
import { exitWithoutNode, newEnoughNode, root, runToEnd } from './bundled-node.js'
import { installWhatIsMissing } from './install.js'

await installWhatIsMissing()
const node = newEnoughNode()
if (!node) exitWithoutNode()
const { needChromium } = await import('./find-chromium.js')
const bin = (name) => path.join(root, 'node_modules', ...name.split('/'))
const tsc = bin('typescript/bin/tsc')
const environment = { ...process.env, CHROME_PATH: needChromium() }

const checks = [
  ['types: tests', bin('vue-tsc/bin/vue-tsc.js'), '--noEmit', '-p', 'test'],
  ['types: editor', bin('vue-tsc/bin/vue-tsc.js'), '--noEmit', '-p', 'tsconfig.json'],
  ['types: runtime', tsc, '--noEmit', '-p', 'runtime'],
  ['types: nodes', tsc, '--noEmit', '-p', 'nodes'],
  ['lint', bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0'],
  ['format', bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
]
const steps = [
  ['build', path.join(root, 'scripts', 'build.js')],
  ['unit, contract, server and crash tests', bin('vitest/vitest.mjs'), 'run'],
  ['browser tests', bin('@playwright/test/cli.js'), 'test'],
]

/** @returns its exit code */
async function runStep([name, ...args]) {
  const started = performance.now()
  console.log(`\n── ${name}`)
  const code = await runToEnd(node, args, { env: environment })
  if (code === 0) console.log(`✔ ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  else console.error(`\n✘ ${name} failed`)
  return code
}

/** Takes one step after the other until one fails. @returns the exit code of the last */
async function runSteps(left) {
  for (let step = left.shift(); step; step = left.shift()) {
    const code = await runStep(step)
    if (code !== 0) return code
  }
  return 0
}

// the checks only read, and have nothing to do with each other: two at a time
const codes = await Promise.all([runSteps(checks), runSteps(checks)])
const failed = codes.find((code) => code !== 0) ?? (await runSteps(steps))
if (failed) process.exit(failed)
console.log('\nAll good.')
