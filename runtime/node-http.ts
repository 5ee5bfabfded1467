/**
 * Node's own HTTP. `import … from 'node:http'` reads every export of it, also the WebSocket client, for which Node loads
 * a second undici: a twentieth of a start, and two megabytes.
 */
export const { Agent, createServer, request } = process.getBuiltinModule('node:http')
