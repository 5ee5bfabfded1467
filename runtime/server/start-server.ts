import { isIPv6 } from 'node:net'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import Fastify, { LogController } from 'fastify'
import type { FastifyInstance } from 'fastify'
import { ErrorCode } from '../../nodes/errors.ts'
import type { Runtime } from '../runtime.ts'
import { version } from '../version.ts'
import { Access } from './access.ts'
import { AccessTokens } from './access-tokens.ts'
import { serveApp } from './app-files.ts'
import { Door } from './door.ts'
import { EventStreams } from './event-stream.ts'
import type { Handlers } from './handler.ts'
import { accountHandlers } from './handlers/accounts.ts'
import { approvalHandlers } from './handlers/approvals.ts'
import { auditHandlers } from './handlers/audit.ts'
import { callbackHandlers } from './handlers/callbacks.ts'
import { credentialHandlers } from './handlers/credentials.ts'
import { deliveryHandlers } from './handlers/deliveries.ts'
import { directoryHandlers } from './handlers/directory.ts'
import { functionHandlers } from './handlers/functions.ts'
import { inboxHandlers } from './handlers/inbox.ts'
import { metricsHandlers } from './handlers/metrics.ts'
import { messageTemplateHandlers } from './handlers/message-templates.ts'
import { secretHandlers } from './handlers/secrets.ts'
import { messageHandlers } from './handlers/messages.ts'
import { restorationHandlers } from './handlers/restoration.ts'
import { runHandlers } from './handlers/runs.ts'
import { sandboxHandlers } from './handlers/sandbox.ts'
import { scimHandlers } from './handlers/scim.ts'
import { sessionHandlers } from './handlers/session.ts'
import { tokenHandlers } from './handlers/tokens.ts'
import { triggerHandlers } from './handlers/triggers.ts'
import { smsNotificationHandlers } from './handlers/sms-notifications.ts'
import { tryItHandlers } from './handlers/try-it.ts'
import { smsServiceHandlers } from './handlers/sms-services.ts'
import { loggerOptions, logFailure } from './log.ts'
import type { LogOptions } from './log.ts'
import { openApiDocument } from './openapi.ts'
import { answerMalformed, answerProblem, problemOf } from './problems.ts'
import { addBodyParsers } from './read-body.ts'
import { registerRoutes } from './register-routes.ts'
import { RequestAudit } from './request-audit.ts'
import { answerScimError, isScim } from './scim-errors.ts'
import { securityHeaders } from './security-headers.ts'
import { checkExposure, ServerNames } from './server-names.ts'
import { WaitingRequests } from './waiting-requests.ts'

export interface ServerOptions {
  /** An address of another machine's reach needs `accessToken`. */
  host: string
  /** 0: any free one. */
  port: number
  /** The built editor; the one that comes with the package unless said otherwise. */
  appFolder?: string
  /** `SMS_LOGIC_TOKEN`: opens the server to programs for good. At least 16 characters. */
  accessToken?: string | undefined
  /** Opens the server to this machine's own command line, until it stops. */
  localToken?: string | undefined
  /** Further names in `Host`, for example of a reverse proxy. */
  names?: readonly string[]
  /** Addresses and CIDR blocks of one's own reverse proxies: they alone are believed what `X-Forwarded-For` says. */
  proxies?: readonly string[]
  /** Requests that may wait for the end of their run at the same time; 2,000 unless said otherwise. */
  maxWaiting?: number
  log?: LogOptions
}

export interface RunningServer {
  readonly url: string
  /** Opens the editor in a browser, once: it holds a one-time token. */
  readonly link: string
  /** Takes nothing new from now on, ends event streams, and waits at most 20 s for answers under way. */
  close(): Promise<void>
}

const CLOSE_MS = 20_000
/** Beside `dist/runtime`, where this file is once it is built. */
const builtApp = fileURLToPath(new URL('../../app', import.meta.url))

/** @throws FlowError `FORBIDDEN` where the server would be open to other machines without a token */
export async function startServer(runtime: Runtime, options: ServerOptions): Promise<RunningServer> {
  const { host, accessToken, localToken } = options
  checkExposure(host, accessToken)
  const tokens = new AccessTokens([accessToken, localToken].filter((each) => each !== undefined))
  const { sessions, apiTokens } = runtime.accounts
  const access = new Access(tokens, sessions, runtime.scim.tokens, apiTokens, (member) =>
    runtime.accounts.roleOf(member),
  )
  const audit = new RequestAudit(runtime, (request) => access.sessionToken(request))
  const door = new Door(runtime, access, audit)
  const streams = new EventStreams()
  const waiting = new WaitingRequests(options.maxWaiting ?? 2_000)
  const server = createServer(access, options, () => publicHost(runtime.settings.publicUrl))

  const handlers: Handlers = {
    ...sessionHandlers(runtime, access, audit),
    ...accountHandlers(runtime, access, audit, door),
    ...credentialHandlers(runtime, access, audit, door),
    ...auditHandlers(runtime),
    ...restorationHandlers(runtime),
    ...metricsHandlers(runtime),
    ...tokenHandlers(runtime),
    ...functionHandlers(runtime, access),
    ...runHandlers(runtime, waiting),
    ...messageHandlers(runtime),
    ...smsNotificationHandlers(runtime),
    ...smsServiceHandlers(runtime),
    ...messageTemplateHandlers(runtime),
    ...inboxHandlers(runtime),
    ...approvalHandlers(runtime),
    ...secretHandlers(runtime),
    ...directoryHandlers(runtime),
    ...scimHandlers(runtime),
    ...sandboxHandlers(runtime),
    ...callbackHandlers(runtime),
    ...deliveryHandlers(runtime),
    ...triggerHandlers(runtime, waiting),
    ...tryItHandlers(runtime),
  }
  registerRoutes(server, handlers, access, streams, audit)
  let document: ReturnType<typeof openApiDocument> | undefined
  server.get('/api/openapi.json', (request) => {
    access.expectRight(access.identify(request), 'view', undefined)
    document ??= openApiDocument(version)
    return document
  })
  await serveApp(server, access, options.appFolder ?? builtApp)

  await server.listen({ host, port: options.port })
  const { port } = server.server.address() as AddressInfo
  access.answerTo(new ServerNames(host, port, options.names), port)
  runtime.callbacks.addresses.listenAt(localUrl(host, port))
  const url = `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
  return {
    url,
    link: `${url}/#token=${tokens.linkToken}`,
    async close() {
      runtime.callbacks.addresses.listenAt(undefined)
      const timer = setTimeout(() => server.server.closeAllConnections(), CLOSE_MS)
      // Clients keep a connection open for their next request: each goes as soon as its answer is out.
      const idle = setInterval(() => server.server.closeIdleConnections(), 50)
      streams.endAll()
      waiting.answerAll()
      await server.close()
      clearInterval(idle)
      clearTimeout(timer)
    },
  }
}

/** Where programs of this machine reach a server that listens on `host`. */
function localUrl(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`
  if (host === '::') return `http://[::1]:${port}`
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
}

function publicHost(url: string | undefined): string | undefined {
  return url === undefined ? undefined : new URL(url).host
}

function noSchemas(): never {
  throw new Error('Routes are declared with Zod, not with schemas of Fastify')
}

/** Fastify with our limits, our bodies and our refusals, without routes yet. */
function createServer(
  access: Access,
  { log, proxies = [] }: Pick<ServerOptions, 'log' | 'proxies'>,
  publicHost: () => string | undefined,
): FastifyInstance {
  const server = Fastify({
    logger: loggerOptions(log),
    trustProxy: proxies.length === 0 ? false : [...proxies],
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    // all plugins are our own: a machine under load may take its time
    pluginTimeout: 0,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000 },
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    // what Fastify has by itself is 100 files of validation that no route uses: Zod checks what comes in
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    frameworkErrors: (error, _request, reply) => answerProblem(problemOf(error), reply),
    clientErrorHandler: answerMalformed,
  })
  addBodyParsers(server)
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders)
    const { fromProvider } = request.routeOptions.config as { fromProvider?: boolean }
    access.checkOrigin(request, fromProvider ? publicHost() : undefined)
    done()
  })
  server.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, { limit: request.routeOptions.bodyLimit ?? 0 })
    if (problem.status >= 500 && !isRefusal(problem.code)) {
      logFailure(server.log, error, request.method, request.routeOptions.url)
    }
    return isScim(request) ? answerScimError(error, problem, reply) : answerProblem(problem, reply)
  })
  return server
}

/** Told to callers in masses, and no fault of the server. */
function isRefusal(code: string): boolean {
  return code === ErrorCode.Overloaded || code === ErrorCode.DiskSpaceLow
}
