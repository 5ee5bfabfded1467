import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'

const root = path.resolve(import.meta.dirname, '../..')
/** What tests use as `SMS_LOGIC_TOKEN`. */
export const TEST_TOKEN = 'a-token-for-the-tests'

/** The real product in a process of its own, started as a user starts it, on a free port. */
export interface Product {
  url: string
  /** The one-time link that was printed. */
  link: string
  data: string
  process: ChildProcess
  /** Everything printed so far. */
  output(): string
  /** Calls the HTTP API with the access token. */
  api<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<ApiAnswer<T>>
  /** Ctrl+C; answers the exit code. */
  stop(): Promise<number | null>
  /** `kill -9`: no last words. */
  kill(): Promise<void>
}
export interface ApiAnswer<T> {
  status: number
  body: T
  headers: Headers
}

export interface ProductOptions {
  /** An existing data folder; a new one otherwise. */
  data?: string
  args?: string[]
  environment?: Record<string, string>
}

export function newFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'sms-logic-'))
}

/** Runs the `sms-logic` command to its end. */
export async function runCli(
  args: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawnCli(args, environment)
  const texts = { stdout: '', stderr: '' }
  child.stdout!.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()))
  child.stderr!.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...texts }
}

/** Starts the server and waits for its link. @throws with what it printed where it ends before that */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const data = options.data ?? newFolder()
  const child = spawnCli(['start', '--port', '0', '--data', data, ...(options.args ?? [])], {
    SMS_LOGIC_TOKEN: TEST_TOKEN,
    ...options.environment,
  })
  let output = ''
  child.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const link = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout!).on('line', (line) => {
      output += `${line}\n`
      const found = /http:\/\/\S+#token=\S+/.exec(line)
      if (found) resolve(found[0])
    })
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${output}`)))
  })
  const url = new URL(link).origin
  const exited = once(child, 'exit') as Promise<[number | null]>
  return {
    url,
    link,
    data,
    process: child,
    output: () => output,
    api: (method, apiPath, body, headers) => callApi(url, method, apiPath, body, headers),
    async stop() {
      child.kill('SIGINT')
      return (await exited)[0]
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** Calls the HTTP API of a server with the access token of the tests. */
export async function callApi<T>(
  url: string,
  method: string,
  apiPath: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<ApiAnswer<T>> {
  const answer = await fetch(`${url}${apiPath}`, {
    method,
    headers: {
      authorization: `Bearer ${TEST_TOKEN}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, body: (text ? JSON.parse(text) : null) as T, headers: answer.headers }
}

function spawnCli(args: string[], environment: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [path.join(root, 'scripts/sms-logic.js'), ...args], {
    cwd: root,
    env: { ...process.env, XDG_CONFIG_HOME: configHome, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return noted(child)
}

/** Where a test fails, nobody stops what it has started: the end of the test run does. */
export function noted(child: ChildProcess): ChildProcess {
  const note = path.join(tmpdir(), `process-${child.pid}`)
  writeFileSync(note, '')
  child.once('exit', () => rmSync(note, { force: true }))
  return child
}

/** Keeps the tests' secret key out of the user's own configuration folder. */
const configHome = newFolder()
