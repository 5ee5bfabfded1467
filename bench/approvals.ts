import { approval, member, processGraph, publishProcess } from '../test/support/approvals.ts'
import { addMember, openRuntime, twilioService } from '../test/support/open-runtime.ts'
import type { BenchCase } from './case.ts'
import { percentile } from './support/load.ts'

/** Approvals that wait at the same time, and among how many people. */
const OPEN = 10_000
const PEOPLE = 50
const LISTS = 400
const DECISIONS = 200
const AT_ONCE = 64

/** The To-Do list where much waits, and from a decision to the text of the next step on the phone. */
export async function benchApprovals(): Promise<BenchCase[]> {
  const runtime = await openRuntime()
  const person = (index: number) => addMember(runtime, `Person ${index}`, `+1${200 + index}5550101`)
  const people = Array.from({ length: PEOPLE }, (_, index) => person(index))
  const [initiator, chief, board] = people as [string, string, string]
  const sms = {
    ...{ sms: true, service: twilioService(runtime), variables: {} },
    templateText: '${userNick}: ${processTitle}',
  }
  const decider = [{ kind: 'value', value: { kind: 'variable', path: 'decider' } }]
  const leave = publishProcess(
    runtime,
    processGraph(
      { chief: approval(decider, {}, { approved: 'board' }), board: approval([member(board)], sms) },
      { inputs: [{ name: 'decider', type: 'member', required: true }] },
    ),
  )
  const initiate = (days: number, decidedBy: string) =>
    leave.initiate(initiator, { days, decider: decidedBy })

  for (let done = 0; done < OPEN; done += AT_ONCE) {
    const count = Math.min(AT_ONCE, OPEN - done)
    await Promise.all(
      Array.from({ length: count }, (_, index) => initiate(done + index, people[2 + ((done + index) % 48)]!)),
    )
  }
  const waiting = () => people.reduce((sum, id) => sum + runtime.requests.counts(id).decide, 0)
  while (waiting() < OPEN) await new Promise((resolve) => setTimeout(resolve, 50))

  const lists: number[] = []
  for (let index = 0; index < LISTS; index++) {
    const began = performance.now()
    const page = await runtime.requests.worklist(people[2 + (index % 48)]!, 'decide', {
      limit: 30,
      search: '',
    })
    runtime.requests.counts(people[2 + (index % 48)]!)
    lists.push(performance.now() - began)
    if (page.entries.length !== 30) throw new Error(`A list has ${page.entries.length} lines`)
  }

  const arrivals = new Map<string, (at: number) => void>()
  runtime.sandbox!.onMessage(({ text }) => arrivals.get(text)?.(performance.now()))
  const decisions: number[] = []
  for (let index = 0; index < DECISIONS; index++) {
    const days = OPEN + index
    const id = await initiate(days, chief)
    let task = (await leave.view(id, chief)).mine?.id
    while (task === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 2))
      task = (await leave.view(id, chief)).mine?.id
    }
    const arrived = new Promise<number>((resolve) =>
      arrivals.set(`Person 2: Person 0: ${days} days`, resolve),
    )
    const began = performance.now()
    runtime.requests.decide(chief, id, { task, action: 'approve', comment: '', members: [] })
    decisions.push((await arrived) - began)
  }
  await runtime.close()
  const sort = (values: number[]) => values.sort((one, other) => one - other)
  return [
    {
      name: `To-Do list and counts, ${OPEN.toLocaleString('en')} open approvals, p95`,
      value: percentile(sort(lists), 0.95),
      unit: 'ms',
      goal: 'value < 100',
    },
    {
      name: 'a decision until the text of the next step, p50',
      value: percentile(sort(decisions), 0.5),
      unit: 'ms',
      goal: 'value < 20',
    },
  ]
}
