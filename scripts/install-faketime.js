import { existsSync, readdirSync } from 'node:fs'
import { runToEnd } from './bundled-node.js'

/** Installs libfaketime where apt and the rights are there; the tests that move the clock are left out without it. */
export async function installFaketime() {
  if (isInstalled()) return
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    const quiet = {
      stdio: ['ignore', 'ignore', 'ignore'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }
    const packages = ['install', '--yes', '--no-install-recommends', 'libfaketime']
    for (const args of [['update'], packages]) await runToEnd('apt-get', args, quiet).catch(() => 1)
  }
  if (!isInstalled()) {
    console.log('libfaketime is not here and cannot be installed: no clock on the wall is moved.')
  }
}

function isInstalled() {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib') : []
  return folders.some((folder) => existsSync(`/usr/lib/${folder}/faketime/libfaketimeMT.so.1`))
}
