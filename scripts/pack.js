/** `npm run pack`: makes the package that users install, as a folder of its own and as an archive of it. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, runToEnd } from './bundled-node.js'

const files = ['LICENSE', 'README.md', 'CHANGELOG.md', 'scripts/sms-logic.js', 'scripts/bundled-node.js']

/**
 * Fills a folder with the package: what was built, and a package.json without what only a clone needs (the Node that
 * `npm ci` brings, tools, scripts). A folder rather than a `prepack` script, which `ignore-scripts` would skip.
 * @param {string} folder emptied first
 */
export function makePackage(folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const file of files) cpSync(path.join(root, file), path.join(folder, file))
  const isStamp = (file) => path.basename(file).startsWith('.')
  cpSync(path.join(root, 'dist'), path.join(folder, 'dist'), {
    recursive: true,
    filter: (file) => !isStamp(file),
  })
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  for (const key of ['private', 'scripts', 'devDependencies', 'optionalDependencies']) delete manifest[key]
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = path.join(root, 'dist-package')
  const built = await runToEnd(process.execPath, [path.join(root, 'scripts', 'build.js')])
  if (built !== 0) process.exit(built)
  makePackage(folder)
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  process.exit(await runToEnd(npm, ['pack', folder], { shell: process.platform === 'win32' }))
}
