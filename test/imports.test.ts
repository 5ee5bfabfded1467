import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

/** `import … from 'x'`, `export … from 'x'`, `import 'x'` and `import('x')`; types count too. */
const statement =
  /^\s*(?:import|export)\b[^'";=]*?\bfrom\s*['"]([^'"\n]+)['"]|^\s*import\s*['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/gm

/** File → what it imports: paths from the root for our own files, names for packages. */
const imports = new Map(
  globSync('{src,nodes,runtime}/**/*.{ts,vue}').map((file) => [
    normalize(file),
    [...readFileSync(file, 'utf8').matchAll(statement)].map((match) => {
      const target = match[1] ?? match[2] ?? match[3]!
      return target.startsWith('.') ? join(dirname(file), target.replace(/\?.*$/, '')) : target
    }),
  ]),
)

function breaches(from: RegExp, isAllowed: (target: string, file: string) => boolean): string[] {
  return [...imports]
    .filter(([file]) => from.test(file))
    .flatMap(([file, targets]) =>
      targets.filter((target) => !isAllowed(target, file)).map((target) => `${file} → ${target}`),
    )
}

test('reads the imports of every folder', () => {
  for (const folder of ['src/', 'nodes/', 'runtime/']) {
    expect([...imports].some(([file, targets]) => file.startsWith(folder) && targets.length > 1)).toBe(true)
  }
})

test('nodes imports zod and itself', () => {
  expect(breaches(/^nodes\//, (target) => target === 'zod' || target.startsWith('nodes/'))).toEqual([])
})

test('src and runtime do not import each other', () => {
  expect(breaches(/^src\//, (target) => !target.startsWith('runtime/'))).toEqual([])
  expect(breaches(/^runtime\//, (target) => !target.startsWith('src/'))).toEqual([])
})

test('src knows nothing of Node', () => {
  expect(breaches(/^src\//, (target) => !target.startsWith('node:'))).toEqual([])
})

test('nothing that the editor reaches is an executor', () => {
  const reached = new Set([...imports.keys()].filter((file) => file.startsWith('src/')))
  for (const file of reached) for (const target of imports.get(file) ?? []) reached.add(target)
  expect(reached).toContain('nodes/sms-notification/definition.ts')
  expect([...reached].filter((file) => /(^|\/)(execute|executors|execution)\.ts$/.test(file))).toEqual([])
})

test('only the canvas knows Rete', () => {
  const isRete = (target: string) => /^rete($|[-/])/.test(target)
  expect(breaches(/^src\/(?!canvas\/)/, (target) => !isRete(target))).toEqual([])
  expect(breaches(/^src\/stores\//, (target) => !target.startsWith('src/canvas/'))).toEqual([])
})

test('providers and the emulators they are tested with share no code', () => {
  expect(breaches(/^runtime\/sandbox\//, (target) => !target.startsWith('runtime/providers/'))).toEqual([])
  expect(breaches(/^runtime\/providers\//, (target) => !target.startsWith('runtime/sandbox/'))).toEqual([])
})
