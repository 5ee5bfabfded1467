/** `npm run bench [-- --json FILE] [-- --only NAME]`: prints every figure with its goal. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { exitWithoutNode, newEnoughNode, root, runToEnd } from '../scripts/bundled-node.js'
import { installWhatIsMissing } from '../scripts/install.js'

await installWhatIsMissing()
const node = newEnoughNode()
if (!node) exitWithoutNode()
// Everything that the suites put down goes with the run.
process.env.TMPDIR = mkdtempSync(path.join(tmpdir(), 'sms-logic-bench-'))
process.on('exit', () => rmSync(process.env.TMPDIR, { recursive: true, force: true }))
process.exit(await runToEnd(node, [path.join(root, 'bench', 'main.ts'), ...process.argv.slice(2)]))
