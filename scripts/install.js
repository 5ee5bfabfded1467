import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { root, runToEnd } from './bundled-node.js'

/** Runs `npm ci` where nothing is installed yet, or the lock file has changed since. */
export async function installWhatIsMissing() {
  const installed = path.join(root, 'node_modules', '.package-lock.json')
  const wanted = path.join(root, 'package-lock.json')
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return
  console.error('Installing packages …')
  const code = await runToEnd(
    process.platform === 'win32' ? 'npm.cmd' : 'npm',
    ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      shell: process.platform === 'win32',
      stdio: ['ignore', 2, 2],
      env: { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
    },
  )
  if (code !== 0) {
    console.error('The packages could not be installed; what npm says is above.')
    process.exit(code)
  }
}
