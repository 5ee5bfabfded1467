import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
const linesOf = (file: string) => readFileSync(path.join(root, file), 'utf8').split('\n')

it('copies files into the image that are there and that .dockerignore lets in', () => {
  const sources = linesOf('Dockerfile')
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1))
  expect(sources).toContain('runtime')
  const isLetIn = linesOf('.dockerignore').flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
  for (const source of sources) {
    expect(globSync(source, { cwd: root }), source).not.toEqual([])
    expect(isLetIn, source).toContain(source.startsWith('scripts/') ? 'scripts' : source)
  }
})
