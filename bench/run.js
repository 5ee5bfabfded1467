/** `npm run bench [-- --json FILE] [-- --only NAME]`: prints every figure with its goal. */
import path from 'node:path'
import { exitWithoutNode, newEnoughNode, root, runToEnd } from '../scripts/bundled-node.js'
import { installWhatIsMissing } from '../scripts/install.js'

await installWhatIsMissing()
const node = newEnoughNode()
if (!node) exitWithoutNode()
process.exit(await runToEnd(node, [path.join(root, 'bench', 'main.ts'), ...process.argv.slice(2)]))
