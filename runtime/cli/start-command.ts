import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRuntime } from '../index.ts'
import type { Environment } from '../secrets/master-key.ts'
import { startServer } from '../server/start-server.ts'
import { forgetServer, rememberServer } from './server-file.ts'

export interface StartOptions {
  port: number
  host: string
  data: string
  sandbox: boolean
  environment: Environment
}

/** Serves until SIGINT or SIGTERM; the promise answers the exit code. */
export async function startCommand(options: StartOptions): Promise<number> {
  const runtime = await createRuntime({
    data: options.data,
    sandbox: options.sandbox,
    example: true,
    environment: options.environment,
  })
  const localToken = randomBytes(32).toString('base64url')
  const fixedToken = options.environment['SMS_LOGIC_TOKEN']
  try {
    const server = await startServer(runtime, {
      host: options.host,
      port: options.port,
      appFolder: fileURLToPath(new URL('../../app', import.meta.url)),
      database: runtime.store.database,
      accessTokens: fixedToken ? [localToken, fixedToken] : [localToken],
    })
    rememberServer(runtime.store.folder, { url: server.url, token: localToken })
    process.stdout.write(
      `sms-logic is ready. Open this link in a browser (it works once):\n\n  ${server.link}\n\n` +
        `Data: ${path.relative('.', runtime.store.folder) || '.'}` +
        (runtime.sandbox ? ` · SMS sandbox: ${runtime.sandbox.url}` : ' · SMS sandbox: off') +
        ' · Stop: Ctrl+C\n',
    )
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    process.on('SIGINT', ignoreRepeated).on('SIGTERM', ignoreRepeated)
    forgetServer(runtime.store.folder)
    await server.close()
    return 0
  } finally {
    await runtime.close()
  }
}

/** Stopping takes as long as requests on the wire take, 20 s at most. */
function ignoreRepeated(): void {
  process.stderr.write('Stopping: waiting for texts that are on their way …\n')
}
