import { readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
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
  const files = addressesBelow(appFolder)
  const isBuilt = files.has('/index.html')
  if (isBuilt) {
    await server.register(staticFiles, {
      root: appFolder,
      // a route for each of its files would cost every start memory and time
      serve: false,
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
    const file = path === '/' ? '/index.html' : path
    if (files.has(file) && (request.method === 'GET' || request.method === 'HEAD')) {
      return reply.sendFile(file)
    }
    const isApi = path === '/api' || path.startsWith('/api/')
    if (isApi) access.identify(request)
    if (isApi || isScim(request) || path.includes('.') || request.method !== 'GET') {
      throw new FlowError(ErrorCode.NotFound, 'There is nothing at this address')
    }
    if (isBuilt) return reply.sendFile('index.html')
    return reply.type('text/plain; charset=utf-8').send('The editor is not built yet. Run: npm run build\n')
  })
}

/** The addresses of all files below a folder but hidden ones: `/assets/index.js`. None where there is no such folder. */
function addressesBelow(folder: string): Set<string> {
  const addresses = new Set<string>()
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const address = `/${relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/')}`
      if (!entry.isDirectory() && !address.includes('/.')) addresses.add(address)
    }
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
  }
  return addresses
}
