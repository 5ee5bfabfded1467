import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import path from 'node:path'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import { createRuntime } from '../index.ts'
import type { LocalRuntime } from '../index.ts'
import type { Environment } from '../secrets/master-key.ts'
import { startServer } from '../server/start-server.ts'
import { forgetServer, rememberServer } from './server-file.ts'
import { letYoungGenerationGrow } from './young-generation.ts'

export interface StartOptions {
  port: number
  host: string
  data: string
  sandbox: boolean
  publicUrl: string | undefined
  names: readonly string[]
  proxies: readonly string[]
  environment: Environment
}

/** Serves until SIGINT or SIGTERM; the promise answers the exit code. */
export async function startCommand(options: StartOptions): Promise<number> {
  // A stop while the server is still starting is none that a run could be blamed for: it stops once it is ready.
  const terminated = once(process, 'SIGTERM')
  const runtime = await createRuntime({
    data: options.data,
    sandbox: options.sandbox,
    example: true,
    publicUrl: options.publicUrl,
    environment: options.environment,
  })
  const localToken = randomBytes(32).toString('base64url')
  try {
    const server = await listen(runtime, options, localToken)
    letYoungGenerationGrow()
    rememberServer(runtime.store.folder, { url: server.url, token: localToken })
    process.stdout.write(
      `sms-logic is ready. Open this link in a browser (it works once):\n\n  ${server.link}\n\n` +
        `Data: ${path.relative('.', runtime.store.folder) || '.'}` +
        (runtime.sandbox ? ` · SMS sandbox: ${runtime.sandbox.url}` : ' · SMS sandbox: off') +
        ' · Stop: Ctrl+C\n',
    )
    await sayWhatIsHeld(runtime)
    await Promise.race([once(process, 'SIGINT'), terminated])
    process.on('SIGINT', ignoreRepeated).on('SIGTERM', ignoreRepeated)
    forgetServer(runtime.store.folder)
    await server.close()
    return 0
  } finally {
    await runtime.close()
  }
}

async function listen(runtime: LocalRuntime, options: StartOptions, localToken: string) {
  const { host, port, names, proxies, environment } = options
  try {
    return await startServer(runtime, {
      ...{ host, port, names, proxies },
      accessToken: environment['SMS_LOGIC_TOKEN'],
      localToken,
    })
  } catch (cause) {
    const { code } = cause as { code?: string }
    if (code === 'EADDRINUSE') {
      throw new FlowError(
        ErrorCode.AddressUnavailable,
        `Port ${port} on ${host} is taken by another program`,
        {
          hint: 'Stop that program, or choose another port with --port (0 takes any free one).',
          cause,
        },
      )
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new FlowError(
        ErrorCode.AddressUnavailable,
        `The server cannot listen on ${host} port ${port} (${code})`,
        {
          hint: 'Choose another address with --host or another port with --port.',
          cause,
        },
      )
    }
    throw cause
  }
}

/** Runs in quarantine wait for a person. */
async function sayWhatIsHeld(runtime: LocalRuntime): Promise<void> {
  const restored = await runtime.restored.latest()
  if (restored && restored.held > 0) {
    process.stderr.write(
      `Restored from the backup of ${restored.taken}. Runs that were open in it and are held: ${restored.held}. ` +
        'Look at them in the page Runs, and let them go on or cancel them.\n',
    )
  }
  const count = (await runtime.countQuarantined()) - (restored?.held ?? 0)
  if (count === 0) return
  process.stderr.write(
    `Runs in quarantine, because the server ended unexpectedly while they were at the same step: ${count}. ` +
      'Look at them in the page Runs, and let them go on or cancel them.\n',
  )
}

/** Stopping takes as long as requests on the wire take, 20 s at most. */
function ignoreRepeated(): void {
  process.stderr.write('Stopping: waiting for texts that are on their way …\n')
}
