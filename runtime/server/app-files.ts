import { existsSync } from 'node:fs'
import { join } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Access } from './access.ts'
import { isScim } from './scim-errors.ts'

const YEAR_SECONDS = 365 * 24 * 60 * 60

/**
 * Serves the built editor. Addresses of the editor's own pages (no dot, not below `/api`) all get `index.html`;
 * what is below `assets` carries a hash in its name and is kept by browsers for good.
 */
export async function serveApp(server: FastifyInstance, access: Access, appFolder: string): Promise<void> {
  const isBuilt = existsSync(join(appFolder, 'index.html'))
  if (isBuilt) {
    await server.register(staticFiles, {
      root: appFolder,
      wildcard: false,
      cacheControl: false,
      setHeaders(reply, path) {
        const isHashed = path.startsWith(join(appFolder, 'assets'))
        void reply.header(
          'cache-control',
          isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
        )
      },
    })
  }
  server.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?', 1)[0]!
    const isApi = path === '/api' || path.startsWith('/api/')
    if (isApi) access.identify(request)
    if (isApi || isScim(request) || path.includes('.') || request.method !== 'GET') {
      throw new FlowError(ErrorCode.NotFound, 'There is nothing at this address')
    }
    if (isBuilt) return reply.sendFile('index.html')
    return reply.type('text/plain; charset=utf-8').send('The editor is not built yet. Run: npm run build\n')
  })
}
