#!/usr/bin/env node
/** The `sms-logic` command: finds a Node that is new enough, in a clone builds what has changed, and hands over. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { exitWithoutNode, newEnoughNode, root, runToEnd } from './bundled-node.js'

const node = newEnoughNode()
if (!node) exitWithoutNode()
if (node !== process.execPath) {
  process.exit(await runToEnd(node, [...process.argv.slice(1)], { cwd: process.cwd() }))
}
const isClone = existsSync(path.join(root, 'src'))
if (isClone) await (await import('./build.js')).buildWhatChanged()
const built = (file) => import(pathToFileURL(path.join(root, 'dist/runtime', file)).href)
const { keepYoungGenerationSmall } = await built('cli/young-generation.js')
keepYoungGenerationSmall()
const { main } = await built('cli.js')
await main(process.argv.slice(2))
