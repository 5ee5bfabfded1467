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

const steps = [
  ['types: nodes', tsc, '--noEmit', '-p', 'nodes'],
  ['types: runtime', tsc, '--noEmit', '-p', 'runtime'],
  ['types: editor', bin('vue-tsc/bin/vue-tsc.js'), '--noEmit', '-p', 'tsconfig.json'],
  ['types: tests', bin('vue-tsc/bin/vue-tsc.js'), '--noEmit', '-p', 'test'],
  ['lint', bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0'],
  ['format', bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  ['build', path.join(root, 'scripts', 'build.js')],
  ['unit, contract, server and crash tests', bin('vitest/vitest.mjs'), 'run'],
  ['browser tests', bin('@playwright/test/cli.js'), 'test'],
]

for (const [name, ...args] of steps) {
  const started = performance.now()
  console.log(`\n── ${name}`)
  const code = await runToEnd(node, args, { env: environment })
  if (code !== 0) {
    console.error(`\n✘ ${name} failed`)
    process.exit(code)
  }
  console.log(`✔ ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
}
console.log('\nAll good.')
