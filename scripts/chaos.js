/** `npm run test:chaos [-- FILTER]`: the fault tests of `test/crash` and `test/simulation`, the conformance suite and made-up formulas, at their whole size. Takes hours. */
import path from 'node:path'
import { exitWithoutNode, newEnoughNode, root, runToEnd } from './bundled-node.js'
import { installFaketime } from './install-faketime.js'
import { installWhatIsMissing } from './install.js'

await installWhatIsMissing()
const node = newEnoughNode()
if (!node) exitWithoutNode()
await installFaketime()
const filters =
  process.argv.length > 2
    ? process.argv.slice(2)
    : ['test/crash', 'test/simulation', 'test/conformance', 'test/nodes/values/formula']
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs')
const environment = { ...process.env, SMS_LOGIC_CHAOS: 'whole' }
process.exit(await runToEnd(node, [vitest, 'run', '--no-file-parallelism', ...filters], { env: environment }))
