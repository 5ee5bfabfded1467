import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'

/** Starts a script of this folder in a process of its own and answers the first line it prints. */
export async function startChild(
  script: string,
  args: string[] = [],
  environment: Record<string, string> = {},
): Promise<{ line: string; child: ChildProcess; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  })
  const lines = createInterface(child.stdout!)
  const [line] = (await once(lines, 'line')) as [string]
  return {
    line,
    child,
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}
