import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'

const places = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Path of a Chromium on this machine, or `null`. */
export function findChromium() {
  return [...places, playwrightsOwn()].find((place) => place && existsSync(place)) ?? null
}

/** Finds a Chromium, installs Debian's package where that is possible, and otherwise says what to do. */
export function needChromium() {
  const found = findChromium() ?? (installDebianPackage() ? findChromium() : null)
  if (found) return found
  console.error(
    'The browser tests need Chromium and none was found.\n' +
      'Install it (Debian, Ubuntu: apt-get install chromium), or run "npx playwright install chromium",\n' +
      'or set CHROME_PATH to the browser you have.',
  )
  process.exit(1)
}

function installDebianPackage() {
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (!mayInstall) return false
  console.error('Installing Chromium from the distribution …')
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  spawnSync('apt-get', ['update', '-q'], options)
  return (
    spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], options).status === 0
  )
}

function playwrightsOwn() {
  try {
    return createRequire(import.meta.url)('playwright-core').chromium.executablePath()
  } catch {
    return null
  }
}
