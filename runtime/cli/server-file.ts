import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const serverFile = z.object({ url: z.url(), token: z.string() })
export type ServerFile = z.infer<typeof serverFile>

/** Lets other commands of the same user reach the server that has the data folder. Readable by that user alone. */
export function rememberServer(folder: string, server: ServerFile): void {
  const file = path.join(folder, 'server.json')
  rmSync(file, { force: true })
  writeFileSync(file, JSON.stringify(server), { mode: 0o600 })
}

export function forgetServer(folder: string): void {
  rmSync(path.join(folder, 'server.json'), { force: true })
}

export function findServer(folder: string): ServerFile | undefined {
  try {
    return serverFile.parse(JSON.parse(readFileSync(path.join(folder, 'server.json'), 'utf8')))
  } catch {
    return undefined
  }
}
