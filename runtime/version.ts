import { readFileSync } from 'node:fs'

/** The version in `package.json`, which lies two folders up in the package and one in the sources. */
export const version = readVersion()

function readVersion(): string {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as { version: string })
        .version
    } catch {
      // the other place, then
    }
  }
  return '0.0.0'
}
