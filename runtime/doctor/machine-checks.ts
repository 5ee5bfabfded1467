import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import type { ServerFile } from '../cli/server-file.ts'
import { diskSpace } from '../store/disk-reserve.ts'
import { fail, ok, warn } from './finding.ts'
import type { Finding } from './finding.ts'

/** The oldest Node with what the runtime needs. */
const OLDEST_NODE = [22, 13] as const
/** No clock of a machine that works is before this. */
const BUILT = Date.UTC(2026, 0)

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldest, oldestMinor] = OLDEST_NODE
  const isEnough = major > oldest || (major === oldest && minor >= oldestMinor)
  if (isEnough) return ok('node', `Node ${version}`)
  return fail('node', `Node ${version} is too old`, `Install Node ${OLDEST_NODE.join('.')} or newer.`)
}

/** Whether the folder can be worked on, and by its owner alone. */
export function checkFolder(folder: string): Finding {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    accessSync(path.join(folder, 'sms-logic.db'), constants.R_OK | constants.W_OK)
  } catch (error) {
    const { code, path: place } = error as NodeJS.ErrnoException
    const remedy =
      'Give the folder that the server works on with --data, and run this as the user of the server.'
    return fail('folder', `${place ?? folder} cannot be read and written (${code})`, remedy)
  }
  const open = process.platform === 'win32' ? [] : [folder, ...filesOf(folder)].filter(isOpenToOthers)
  if (open.length === 0) return ok('folder', `${folder} can be read and written, by its owner alone`)
  return warn('folder', `Other users can reach ${open.join(', ')}`, `Run: chmod go= ${open.join(' ')}`)
}

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^(sms-logic|sandbox)\.db|^server\.json$/.test(name))
    .map((name) => path.join(folder, name))
}

function isOpenToOthers(place: string): boolean {
  return (statSync(place).mode & 0o077) !== 0
}

export function checkDisk(folder: string, wanted: number | undefined): Finding {
  const space = diskSpace(folder, wanted)
  if (!space)
    return warn('disk', 'The disk says nothing of its space', 'Watch the free space by other means.')
  const free = `${Math.floor(space.free)} MiB free, ${Math.ceil(space.reserve)} MiB reserved`
  if (space.free < space.reserve) {
    return fail('disk', `${free}: no further run is taken`, 'Make room, or set SMS_LOGIC_DISK_RESERVE lower.')
  }
  if (space.free < space.reserve * 2) return warn('disk', free, 'Make room soon.')
  return ok('disk', free)
}

/** @param newest the latest moment that the store knows, milliseconds since 1970 */
export function checkClock(now: number, newest: number): Finding {
  const text = `It is ${new Date(now).toISOString()}`
  const remedy = 'Put the clock right, by NTP for example: schedules, codes and quiet hours go by it.'
  if (now < BUILT) return fail('clock', `${text}, which cannot be`, remedy)
  if (now >= newest) return ok('clock', text)
  return warn('clock', `${text}, and the store has entries of ${new Date(newest).toISOString()}`, remedy)
}

/** Whether the server works, or could begin to. */
export async function checkPort(
  host: string,
  port: number,
  server: ServerFile | undefined,
): Promise<Finding> {
  if (server && (await isHealthy(server.url)))
    return ok('port', `A server works on this folder at ${server.url}`)
  const code = await tryListening(host, port)
  if (code === undefined) return ok('port', `${host} port ${port} is free`)
  if (code === 'EADDRINUSE') {
    const remedy = 'Stop that program, or choose another port with --port.'
    return fail('port', `${host} port ${port} is taken by another program`, remedy)
  }
  const remedy = 'Choose another address with --host or another port with --port.'
  return fail('port', `Nothing can listen on ${host} port ${port} (${code})`, remedy)
}

async function isHealthy(url: string): Promise<boolean> {
  const { request } = await import('undici') // not loaded by every start
  try {
    const { statusCode, body } = await request(`${url}/healthz`, {
      headersTimeout: 5_000,
      bodyTimeout: 5_000,
    })
    await body.dump()
    return statusCode === 200
  } catch {
    return false
  }
}

/** @returns why it cannot */
function tryListening(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    server.listen({ host, port }, () => server.close(() => resolve(undefined)))
  })
}
