import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The oldest Node that has what the runtime needs (argon2id of `node:crypto`). */
const OLDEST = [24, 7]
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/**
 * Path of a Node that is new enough: this one, or the one that `npm ci` brought along.
 * @returns {string | null} `null` where neither is
 */
export function newEnoughNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return process.execPath
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const bundled = path.join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', 'node')
  return [bundled, `${bundled}.exe`].find((file) => existsSync(file)) ?? null
}

/** Says which Node is missing and ends the process. */
export function exitWithoutNode() {
  console.error(
    `sms-logic needs Node ${OLDEST.join('.')} or newer; this is ${process.versions.node} and none came with the installation.\n` +
      'Run "npm ci" once (it brings Node 24 on Linux and Windows), or install a newer Node.',
  )
  process.exit(1)
}

/**
 * Runs a command in the foreground, passes signals on, and answers its exit code.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function runToEnd(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options })
    const pass = (signal) => child.kill(signal)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass)
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(each, pass)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1))
    })
  })
}
