/** One program in which a member hands a request in, and two others decide it; tells its parent what it was promised. */
import { setTimeout as wait } from 'node:timers/promises'
import { createRuntime } from '../../runtime/index.ts'

const [data, ...people] = process.argv.slice(2) as [string, ...string[]]
const [initiator, ...deciders] = people as [string, ...string[]]
const runtime = await createRuntime({ data, environment: process.env })
const { requests } = runtime

const { id } = await requests.initiate(initiator, 'leave', { days: 3 }, 'the one form')
process.send!({ accepted: id })
const state = async () => (await requests.view(id, { member: initiator, mayOperate: true })).state
while ((await state()) === 'running') {
  for (const member of deciders) {
    const { mine } = await requests.view(id, { member, mayOperate: true })
    if (mine) requests.decide(member, id, { task: mine.id, action: 'approve', comment: '', members: [] })
  }
  await wait(5)
}
// until every text has gone its way
for (;;) {
  const { texts } = await requests.view(id, { member: null, mayOperate: true })
  const isSettled = texts.every(
    ({ state, message }) => state === 'dropped' || (message && message.state !== 'dispatching'),
  )
  if (isSettled) break
  await wait(5)
}
let run = await runtime.getRun(id)
while (run?.finished === null) {
  await wait(5)
  run = await runtime.getRun(id)
}
process.send!({ finished: run })
await runtime.close()
process.disconnect()
