import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildWhatChanged } from '../../scripts/build.js'
import { makePackage } from '../../scripts/pack.js'

const root = path.resolve(import.meta.dirname, '../..')
const place = mkdtempSync(path.join(tmpdir(), 'sms-logic-package-'))
/** A project of somebody who installed the package; other packages come from ours. */
const project = path.join(place, 'project')
const installed = path.join(project, 'node_modules', 'sms-logic')
let packed: { files: { path: string }[]; filename: string }

beforeAll(async () => {
  await buildWhatChanged(['page', 'server', 'editor'])
  makePackage(path.join(place, 'folder'))
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const report = execFileSync(npm, ['pack', '--json', path.join(place, 'folder')], {
    cwd: place,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  packed = (JSON.parse(report) as (typeof packed)[])[0]!

  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', path.join(place, packed.filename), '-C', installed, '--strip-components=1'])
  for (const name of readdirSync(path.join(root, 'node_modules'))) {
    symlinkSync(path.join(root, 'node_modules', name), path.join(project, 'node_modules', name), 'junction')
  }
  writeFileSync(path.join(project, 'package.json'), '{ "type": "module", "private": true }')
  cpSync(path.join(root, 'examples/embed'), project, {
    recursive: true,
    filter: (file) => !/[\\/]data$/.test(file),
  })
}, 180_000)

afterAll(() => rmSync(place, { recursive: true, force: true }))

describe('what a browser loads', () => {
  const bundles = (folder: string) =>
    globSync(`${folder}/**/*.{js,css,html}`, { cwd: path.join(root, 'dist') }).map((file) =>
      readFileSync(path.join(root, 'dist', file), 'utf8'),
    )
  /** Words that stand only in the runtime and the libraries it sends with, and survive minifying. */
  const serverWords = [
    'node:sqlite',
    'node:fs',
    'Dysmsapi',
    '@alicloud/',
    '@aws-sdk',
    'openTwilio',
    'fastify',
    'undici',
    'PRAGMA journal_mode',
    'SMS_LOGIC_KEY',
  ]
  test.each(['app', 'editor'])('%s holds no code of the server', (folder) => {
    const text = bundles(folder).join('\n')
    expect(text.length).toBeGreaterThan(500_000)
    expect(serverWords.filter((word) => text.includes(word))).toEqual([])
  })
  test('these words do stand in the server', () => {
    const text = globSync('dist/{runtime,nodes}/**/*.js', { cwd: root })
      .map((file) => readFileSync(path.join(root, file), 'utf8'))
      .join('\n')
    expect(serverWords.filter((word) => !text.includes(word))).toEqual([])
  })

  test('the styles of the embedded editor touch nothing outside it', () => {
    const css = readFileSync(path.join(root, 'dist/editor/editor.css'), 'utf8').replace(/\/\*.*?\*\//gs, '')
    const withoutKeyframes = css.replace(/@keyframes [\w-]+\s*\{(?:[^{}]*\{[^{}]*\})*\s*\}/g, '')
    const selectors = [...withoutKeyframes.matchAll(/([^{}]+)\{/g)].map(([, selector]) => selector!.trim())
    expect(selectors.length).toBeGreaterThan(100)
    expect(
      selectors.filter((each) => !each.startsWith('@') && !/^(:where\()?\.sms-logic/.test(each)),
    ).toEqual([])
    expect(css).toContain('light-dark(')
    const properties = [
      ...css.matchAll(/var\((--(?!reka-)[\w-]+)/g),
      ...css.matchAll(/(?:^|[{;\s])(--[\w-]+)\s*:/g),
      ...css.matchAll(/@property (--[\w-]+)/g),
    ]
    expect(properties.map(([, name]) => name!).filter((name) => !name.startsWith('--sms-'))).toEqual([])
    const keyframes = [...css.matchAll(/@keyframes ([\w-]+)/g)].map(([, name]) => name!)
    expect(keyframes.filter((name) => !name.startsWith('sms-'))).toEqual([])
  })
})

describe('the package', () => {
  test('holds what was built and the command, no sources, tests or benchmarks', () => {
    const files = packed.files.map((file) => file.path)
    expect(files).toEqual(
      expect.arrayContaining([
        'dist/app/index.html',
        'dist/editor/editor.css',
        'dist/editor/editor.js',
        'dist/nodes/exports.js',
        'dist/runtime/cli.js',
        'dist/runtime/index.js',
        'scripts/sms-logic.js',
        'LICENSE',
        'README.md',
      ]),
    )
    const others =
      /^(?!dist\/|scripts\/(sms-logic|bundled-node)\.js$|package\.json$|LICENSE$|README\.md$|CHANGELOG\.md$)/
    expect(files.filter((file) => others.test(file))).toEqual([])
  })

  test('asks for no Node and for no tool', () => {
    const manifest = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')) as object
    expect(JSON.stringify(manifest)).not.toMatch(/node-(linux|win)-/)
    expect(manifest).not.toHaveProperty('devDependencies')
    expect(manifest).not.toHaveProperty('private')
    for (const target of JSON.stringify(manifest).match(/"\.\/(dist|scripts)\/[^"]+"/g)!) {
      expect(packed.files.map((file) => `"./${file.path}"`)).toContain(target)
    }
  })

  test('starts as a command', () => {
    const command = path.join(installed, 'scripts/sms-logic.js')
    expect(
      execFileSync(process.execPath, [command, '--version'], { cwd: project, encoding: 'utf8' }),
    ).toMatch(/0\.1\.0/)
  })

  test("runs a host's own node beside the built-in ones", () => {
    writeFileSync(
      path.join(project, 'host.ts'),
      `import { createRuntime } from 'sms-logic'
import { loadGraph } from 'sms-logic/nodes'
import { openTicketExecutor } from './open-ticket-executor.ts'

const runtime = await createRuntime({
  data: './data',
  sandbox: true,
  example: true,
  nodes: [openTicketExecutor],
})
const at = { typeVersion: 1, position: { x: 0, y: 0 } }
const ticket = { subject: { kind: 'formula', source: 'UPPER(device)' }, priority: 1 }
const graph = loadGraph({
  format: 1,
  id: 'ticket',
  name: 'ticket',
  title: 'Ticket',
  inputs: [{ name: 'device', title: '', type: 'text', required: true }],
  nodes: [
    { ...at, id: 'start', type: 'start', params: {} },
    { ...at, id: 'ticket', type: 'open-ticket', params: ticket },
    { ...at, id: 'end', type: 'return', params: { value: { kind: 'variable', path: 'nodes.ticket.number' } } },
  ],
  connections: [
    { id: 'a', from: { node: 'start', port: 'next' }, to: { node: 'ticket', port: 'in' } },
    { id: 'b', from: { node: 'ticket', port: 'next' }, to: { node: 'end', port: 'in' } },
  ],
})
const { finished } = await runtime.startRun({ graph, input: { device: 'Pump 7' }, trigger: 'library' })
const own = await finished
const alarm = await runtime.run('night-shift-alarm', { device: 'Pump 7', severity: 5 })
await runtime.close()
console.log(JSON.stringify([own, alarm].map(({ status, output }) => ({ status, output }))))
`,
    )
    const printed = execFileSync(process.execPath, ['host.ts'], { cwd: project, encoding: 'utf8' })
    expect(JSON.parse(printed)).toEqual([
      { status: 'done', output: 1 },
      { status: 'done', output: 'The night shift knows about Pump 7' },
    ])
  })

  test('tells the compiler its types', () => {
    const options = {
      module: 'preserve',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      types: ['node', 'vite/client'],
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      target: 'ES2023',
    }
    writeFileSync(
      path.join(project, 'wrong.ts'),
      `import { createRuntime } from 'sms-logic'
import { startServer } from 'sms-logic/server'
import { mountFunctionEditor } from 'sms-logic/editor'
// @ts-expect-error data is missing
void createRuntime({})
// @ts-expect-error a port is a number
void startServer(await createRuntime({ data: '' }), { host: '', port: '', database: null! })
// @ts-expect-error there is no such language
void mountFunctionEditor(null!, { functionName: '', locale: 'de' })
`,
    )
    writeFileSync(
      path.join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, include: ['**/*.ts', '**/*.vue'] }),
    )
    const vueTsc = path.join(root, 'node_modules/vue-tsc/bin/vue-tsc.js')
    expect(spawnSync(process.execPath, [vueTsc, '-p', project], { encoding: 'utf8' }).stdout).toBe('')
  }, 60_000)
})
