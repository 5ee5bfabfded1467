import { randomBytes } from 'node:crypto'
import path from 'node:path'
import vue from '@vitejs/plugin-vue'
import { createRuntime } from 'sms-logic'
import { startServer } from 'sms-logic/server'
import { createServer } from 'vite'
import { openTicketExecutor } from './open-ticket-executor.ts'

const runtime = await createRuntime({
  data: process.env.DATA ?? path.join(import.meta.dirname, 'data'),
  sandbox: true,
  example: true,
  nodes: [openTicketExecutor],
})
const accessToken = randomBytes(24).toString('base64url')
const sms = await startServer(runtime, {
  host: '127.0.0.1',
  port: 0,
  accessToken,
})

/**
 * The product's own server; here Vite plays it. It alone knows the token. A real one first asks who is signed in, and
 * hands on what that person may do.
 */
const product = await createServer({
  root: path.join(import.meta.dirname, 'page'),
  configFile: false,
  plugins: [vue()],
  server: {
    host: '127.0.0.1',
    port: Number(process.env.PORT ?? 8090),
    proxy: {
      '/sms': {
        target: sms.url,
        changeOrigin: true,
        rewrite: (url) => url.slice('/sms'.length),
        headers: { authorization: `Bearer ${accessToken}` },
        configure: (proxy) => proxy.on('proxyReq', (request) => request.removeHeader('origin')),
      },
    },
  },
})
await product.listen()
console.log(`Open ${product.resolvedUrls!.local[0]} (stop with Ctrl+C)`)

process.once('SIGINT', async () => {
  await product.close()
  await sms.close()
  await runtime.close()
})
