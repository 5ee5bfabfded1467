/** Builds what users get into `dist`: the page, the server's code and the embeddable editor. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { exitWithoutNode, newEnoughNode, root, runToEnd } from './bundled-node.js'

const dist = path.join(root, 'dist')
const bin = (name) => path.join(root, 'node_modules', ...name.split('/'))
const tsc = bin('typescript/bin/tsc')
const vueTsc = bin('vue-tsc/bin/vue-tsc.js')
const vite = bin('vite/bin/vite.js')

const parts = {
  page: {
    inputs: ['src', 'nodes', 'index.html', 'vite.config.ts'],
    command: [vite, 'build', '--logLevel', 'warn'],
  },
  server: {
    inputs: ['nodes', 'runtime', 'tsconfig.build.json'],
    command: [tsc, '-p', 'tsconfig.build.json'],
  },
  editor: {
    inputs: ['src', 'nodes', 'vite.editor.config.ts', 'tsconfig.editor.json'],
    command: [vite, 'build', '--logLevel', 'warn', '--config', 'vite.editor.config.ts'],
    then: [vueTsc, '-p', 'tsconfig.editor.json'],
  },
}

/** What a start from a clone needs; answers at once where nothing has changed. */
export async function buildWhatChanged(names = ['server', 'page']) {
  const stale = names.filter((name) => readStamp(name) !== stampOf(name))
  if (stale.length === 0) return
  console.error(`Building ${stale.join(' and ')} …`)
  const codes = await Promise.all(stale.map(build))
  if (codes.some((code) => code !== 0)) process.exit(1)
}

async function build(name) {
  const node = newEnoughNode()
  if (!node) exitWithoutNode()
  const { command, then } = parts[name]
  const stamp = stampOf(name)
  // whatever the caller is: a test, for example
  const env = { ...process.env, NODE_ENV: 'production' }
  for (const args of then ? [command, then] : [command]) {
    const code = await runToEnd(node, args, { env, stdio: ['ignore', 2, 2] })
    if (code !== 0) return code
  }
  mkdirSync(dist, { recursive: true })
  writeFileSync(stampFile(name), stamp)
  return 0
}

const stampFile = (name) => path.join(dist, `.${name}-inputs`)
function readStamp(name) {
  return existsSync(stampFile(name)) ? readFileSync(stampFile(name), 'utf8') : null
}

/** Changes whenever an input does: names, sizes and times of all its files. */
function stampOf(name) {
  const hash = createHash('sha256')
  const shared = ['package.json', 'package-lock.json', 'tsconfig.base.json', 'scripts/build.js']
  for (const input of [...parts[name].inputs, ...shared]) {
    for (const file of filesBelow(path.join(root, input))) {
      const { size, mtimeMs } = statSync(file)
      hash.update(`${path.relative(root, file)}\0${size}\0${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}

function filesBelow(file) {
  if (!existsSync(file)) return []
  if (!statSync(file).isDirectory()) return [file]
  return readdirSync(file, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  rmSync(dist, { recursive: true, force: true })
  for (const name of Object.keys(parts)) {
    const code = await build(name)
    if (code !== 0) process.exit(code)
  }
}
