import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FunctionElement } from '../../nodes/api/elements.ts'
import type { MessageEntry } from '../../nodes/api/messages.ts'
import type { Run } from '../../nodes/api/runs.ts'
import { createRuntime } from '../../runtime/index.ts'
import { newFolder, runCli, startProduct } from '../support/product.ts'

const input = { device: 'Pump 7' }

/** What must be equal whoever starts the run: ids, times and who asked are not. */
function essence(run: Run) {
  return {
    status: run.status,
    input: run.input,
    output: run.output,
    error: run.error,
    steps: run.steps.map(({ path: place, status, port, input: given, output, messages }) => ({
      place,
      status,
      port,
      given,
      output,
      messages: messages?.map(({ name, phone, state, reason, attempts, segments }) => ({
        name,
        phone,
        state,
        reason,
        attempts,
        segments,
      })),
    })),
  }
}

describe('the text of a function from the command line', () => {
  it('is the same beside a server and alone', async () => {
    const product = await startProduct()
    const textOf = async (subject: string, ...more: string[]) => {
      const { code, stdout, stderr } = await runCli(['text', subject, '--data', product.data, ...more])
      expect([code, stderr]).toEqual([0, ''])
      return stdout
    }
    const beside = await textOf('night-shift-alarm')
    expect(beside).toContain('\nstart with device')
    expect(beside).toContain(' by Sandbox (Twilio)')
    expect(await product.stop()).toBe(0)
    expect(await textOf('night-shift-alarm')).toBe(beside)
  }, 60_000)
})

describe('a dry run from the command line', () => {
  it('sends nothing, beside a server and alone', async () => {
    const product = await startProduct()
    const command = ['run', 'night-shift-alarm', '--input', JSON.stringify(input), '--data', product.data]
    const outcomes = async (more: string[]) => {
      const { code, stdout, stderr } = await runCli([...command, '--dry-run', ...more])
      expect([0, 1], stderr).toContain(code)
      const run = JSON.parse(stdout) as Run
      return [run.dryRun, run.status, run.steps.some((step) => step.xRay !== undefined)]
    }
    expect(await outcomes([])).toEqual(['sent', 'done', true])
    expect(await outcomes(['--outcome', 'failed'])).toEqual(['failed', 'failed', true])
    expect((await product.api<unknown[]>('GET', '/api/sandbox/messages')).body).toEqual([])
    expect(await product.stop()).toBe(0)
    expect(await outcomes([])).toEqual(['sent', 'done', true])
    const wrong = await runCli([...command, '--dry-run', '--outcome', 'perhaps'])
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('--outcome takes one of sent, partly'),
    ])
  })
})

describe('a replay from the command line', () => {
  it('says which texts a draft or a file would change, beside a server and alone', async () => {
    const product = await startProduct()
    const address = '/api/functions/night-shift-alarm'
    await product.api('POST', `${address}/runs`, input)
    const texts = (await product.api<unknown[]>('GET', '/api/sandbox/messages')).body.length
    const replayOf = async (subject: string, ...more: string[]) => {
      const { code, stdout, stderr } = await runCli(['replay', subject, '--data', product.data, ...more])
      expect(stderr).toBe('')
      return [code, stdout] as const
    }
    const same = `1 runs: ${texts} texts the same, 0 changed, 0 new, 0 gone\n`
    expect(await replayOf('night-shift-alarm')).toEqual([0, same])

    const { revision, graph } = (await product.api<FunctionElement>('GET', address)).body
    const changed = JSON.parse(
      JSON.stringify(graph).replace('Please go there now.', 'Run!'),
    ) as FunctionElement['graph']
    const file = path.join(newFolder(), 'changed.json')
    writeFileSync(file, JSON.stringify(changed))
    const [code, ofFile] = await replayOf(file)
    expect([code, ofFile]).toEqual([1, expect.stringContaining('Run!')])
    expect(ofFile).toContain(`${texts} changed, 0 new, 0 gone`)
    expect(ofFile).toContain('****')
    await product.api('PUT', address, { revision, graph: changed })
    expect(await replayOf('night-shift-alarm')).toEqual([1, ofFile])

    expect((await product.api<unknown[]>('GET', '/api/sandbox/messages')).body).toHaveLength(texts)
    await product.kill()
    const [, alone] = await replayOf('night-shift-alarm', '--json')
    expect(JSON.parse(alone)).toMatchObject({ changed: texts, same: 0, runs: [{ statusAfter: 'done' }] })
    expect(await replayOf(file)).toEqual([1, ofFile])
    const wrong = await runCli(['replay', 'night-shift-alarm', '--data', product.data, '--last', '0'])
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('--last takes a number from 1 to'),
    ])
  }, 120_000)
})

describe('the same saved function', () => {
  it('gives the same result by HTTP, from the command line with and without a server, and in the library', async () => {
    const product = await startProduct()
    const byHttp = await product.api<Run>('POST', '/api/functions/night-shift-alarm/runs', input)
    expect(byHttp.status).toBe(200)
    const command = ['run', 'night-shift-alarm', '--input', JSON.stringify(input), '--data', product.data]
    const beside = await runCli(command)
    expect(beside.code, beside.stderr).toBe(0)
    expect(await product.stop()).toBe(0)

    const file = path.join(newFolder(), 'input.json')
    writeFileSync(file, JSON.stringify(input))
    const alone = await runCli([...command.slice(0, 3), file, ...command.slice(4)])
    expect(alone.code, alone.stderr).toBe(0)

    // The secrets of this folder belong to the key that the product made; a folder of its own is the library's.
    const runtime = await createRuntime({
      data: newFolder(),
      sandbox: true,
      example: true,
      environment: { SMS_LOGIC_KEY: Buffer.alloc(32, 1).toString('base64') },
    })
    const byLibrary = await runtime.run('night-shift-alarm', input)
    await runtime.close()

    const expected = essence(byHttp.body)
    expect(expected.status).toBe('done')
    expect(expected.steps.flatMap(({ messages }) => messages ?? [])).not.toHaveLength(0)
    expect(essence(JSON.parse(beside.stdout) as Run)).toEqual(expected)
    expect(essence(JSON.parse(alone.stdout) as Run)).toEqual(expected)
    expect(essence(byLibrary)).toEqual(expected)
  })

  it('runs from a graph file, and fails with exit code 1 and the reason', async () => {
    const file = path.join(newFolder(), 'graph.json')
    const graph = {
      format: 1,
      id: 'g',
      name: 'g',
      title: 'From a file',
      inputs: [{ name: 'a', type: 'number', required: true }],
      nodes: [
        { id: 'start', type: 'start', position: { x: 0, y: 0 } },
        {
          id: 'end',
          type: 'return',
          position: { x: 300, y: 0 },
          params: { value: { kind: 'formula', source: 'a / (a - 1)' } },
        },
      ],
      connections: [{ id: 'c', from: { node: 'start', port: 'next' }, to: { node: 'end', port: 'in' } }],
    }
    writeFileSync(file, JSON.stringify(graph))
    const data = newFolder()
    const good = await runCli(['run', file, '--input', '{"a":3}', '--data', data, '--no-sandbox'])
    expect(good.code, good.stderr).toBe(0)
    expect(JSON.parse(good.stdout)).toMatchObject({ status: 'done', output: 1.5 })
    const bad = await runCli(['run', file, '--input', '{"a":1}', '--data', data, '--no-sandbox'])
    expect(bad.code).toBe(1)
    expect(JSON.parse(bad.stdout)).toMatchObject({ status: 'failed', error: { code: 'FORMULA_NUMBER' } })
  })
})

describe('a version from the command line', () => {
  it('is the latest, a number or the draft, beside a server and alone', { timeout: 60_000 }, async () => {
    const product = await startProduct({ args: ['--no-sandbox'] })
    const { body: made } = await product.api<FunctionElement>('POST', '/api/functions', { title: 'Greeting' })
    const address = `/api/functions/${made.name}`
    const describe = (revision: number, name: string) =>
      product.api('PUT', address, {
        revision,
        graph: { ...made.graph, inputs: [{ name, required: true }] },
      })
    await describe(1, 'first')
    await product.api('POST', `${address}/versions`, { revision: 2 })
    await describe(2, 'second')

    /** What a run lacks tells which version it was. */
    const lacks = async (...more: string[]) => {
      const { stderr } = await runCli(['run', made.name, '--data', product.data, '--no-sandbox', ...more])
      return ['first', 'second', 'version 5'].filter((name) => stderr.includes(name))
    }
    const all = async () => [
      await lacks(),
      await lacks('--version', '1'),
      await lacks('--version', 'draft'),
      await lacks('--version', '5'),
    ]
    expect(await all()).toEqual([['first'], ['first'], ['second'], ['version 5']])
    await product.stop()
    expect(await all()).toEqual([['first'], ['first'], ['second'], ['version 5']])
    const wrong = await runCli(['run', made.name, '--data', product.data, '--version', 'newest'])
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--version takes draft')])
  })
})

describe('starting', () => {
  it('answers health, and refuses a second server on the same data folder', async () => {
    const product = await startProduct({ args: ['--no-sandbox'] })
    const health = await fetch(`${product.url}/healthz`)
    expect(health.status).toBe(200)
    expect(await health.json()).toEqual({ status: 'ok' })
    const second = await runCli(['start', '--port', '0', '--data', product.data])
    expect(second.code).toBe(1)
    expect(second.stderr).toContain(product.data)
    expect(second.stdout).toBe('')
    expect(await product.stop()).toBe(0)
  })

  it('says which port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const refused = await runCli(['start', '--port', String(port), '--data', newFolder(), '--no-sandbox'])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(new RegExp(`Port ${port} .* is taken[^]*--port`))
    other.close()
  })

  it('keeps everything over a restart, and opens the page to its link only once', async () => {
    const first = await startProduct()
    const { body } = await first.api<Run>('POST', '/api/functions/night-shift-alarm/runs', input)
    await first.stop()
    const second = await startProduct({ data: first.data })
    expect((await second.api('GET', `/api/runs/${body.id}`)).body).toEqual(body)
    expect((await second.api<unknown[]>('GET', '/api/sandbox/messages')).body).toHaveLength(4)
    const token = new URL(second.link).hash.replace('#token=', '')
    const open = () =>
      fetch(`${second.url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      })
    expect((await open()).status).toBe(204)
    expect((await open()).status).toBe(401)
    await second.stop()
  })

  it.each([
    ['an unknown command', ['frob'], 2],
    ['an unknown flag', ['start', '--prot', '1'], 2],
    ['a port that is no number', ['start', '--port', 'eighty'], 2],
    ['input that is no JSON', ['run', 'night-shift-alarm', '--input', '{"device"'], 1],
    ['input that is no object', ['run', 'night-shift-alarm', '--input', '[]'], 1],
    ['a function that does not exist', ['run', 'nope'], 1],
    ['a file that does not exist', ['run', 'nope.json'], 1],
    ['a weak access token', ['start', '--port', '0'], 1, { SMS_LOGIC_TOKEN: 'short' }],
  ] as [string, string[], number, Record<string, string>?][])(
    'refuses %s with a sentence',
    async (_, args, code, environment = {}) => {
      const ended = await runCli([...args, '--data', newFolder()], environment)
      expect(ended.code).toBe(code)
      expect(ended.stdout).toBe('')
      expect(ended.stderr).not.toContain('    at ')
      expect(ended.stderr.trim()).not.toBe('')
    },
  )
})

describe('sms-logic messages', () => {
  it('lists messages with masked numbers, beside a server and alone, and sends nothing', async () => {
    const product = await startProduct()
    await product.api('POST', '/api/functions/night-shift-alarm/runs', input)
    const list = (...more: string[]) => runCli(['messages', '--data', product.data, ...more])
    const essential = async (...more: string[]) => {
      const { code, stdout, stderr } = await list('--json', ...more)
      expect(code, stderr).toBe(0)
      return (JSON.parse(stdout) as MessageEntry[]).map(({ id, name, phone, state, reason }) => ({
        ...{ id, name, phone, state, reason },
      }))
    }
    const beside = await essential()
    expect(beside.length).toBeGreaterThan(3)
    expect(JSON.stringify(beside)).not.toMatch(/\+\d{8}/)
    const skipped = await essential('--state', 'suppressed')
    expect(skipped).toEqual(beside.filter(({ state }) => state === 'suppressed'))
    expect(skipped.length).toBeGreaterThan(0)
    expect(await essential('--limit', '2')).toEqual(beside.slice(0, 2))

    expect(await product.stop()).toBe(0)
    expect(await essential()).toEqual(beside)
    expect(await essential('--state', 'suppressed')).toEqual(skipped)
    const { stdout } = await list('--person', beside[0]!.name)
    expect(stdout).toContain(beside[0]!.name)
    expect(stdout).toContain('night-shift-alarm')
    expect((await list('--state', 'unknown')).stdout).toBe('No message fits.\n')
  })

  it('says what is wrong with its options or its folder, and makes no folder', async () => {
    const data = path.join(newFolder(), 'missing')
    const wrong = async (...more: string[]) => {
      const { code, stderr } = await runCli(['messages', '--data', data, ...more])
      return [code, stderr.split('\n')[0]]
    }
    expect(await wrong('--state', 'lost')).toEqual([2, expect.stringContaining('--state')])
    expect(await wrong('--limit', 'many')).toEqual([2, expect.stringContaining('--limit takes a number')])
    expect(await wrong()).toEqual([1, `There is no data folder ${data}`])
    expect(existsSync(data)).toBe(false)
  })
})
