/** A server of a host whose own node takes the whole process down for some inputs. */
import { z } from 'zod'
import { defineNode } from '../../nodes/define.ts'
import { value } from '../../nodes/values/value.ts'
import { createRuntime, defineExecutor } from '../../runtime/index.ts'
import { startServer } from '../../runtime/server/start-server.ts'

const { SMS_LOGIC_KEY = '', SMS_LOGIC_TOKEN, BAD_INPUT } = process.env

/** Answers once the test has said so. */
function told(word: string): Promise<void> {
  return new Promise((resolve) => process.on('message', (message) => message === word && resolve()))
}
const toldToGoOn = told('go on')
const toldToDie = told('die')

const definition = defineNode({
  type: 'risky',
  version: 1,
  menu: ['risky'],
  icon: 'bomb',
  input: 'in',
  outputs: ['next'],
  params: z.strictObject({ who: value }),
  result: null,
  defaults: () => ({ who: { kind: 'fixed' as const, value: '' } }),
})
const risky = defineExecutor(definition, async (params, context) => {
  const who = String(context.evaluate(params.who))
  if (who.startsWith('slow')) await toldToGoOn
  if (who.startsWith('bad') && BAD_INPUT !== 'is harmless') {
    if (BAD_INPUT === 'is deadly when told') await toldToDie
    process.kill(process.pid, 'SIGKILL') // as a fault in native code or the want of memory would
  }
  return { port: 'next' }
})

const runtime = await createRuntime({
  data: process.argv[2]!,
  nodes: [risky],
  environment: { SMS_LOGIC_KEY },
})
const server = await startServer(runtime, {
  host: '127.0.0.1',
  port: 0,
  accessToken: SMS_LOGIC_TOKEN,
})
process.on('message', (message) => {
  if (message === 'close') void server.close().then(() => runtime.close().then(() => process.disconnect()))
})
process.send!(server.url)
