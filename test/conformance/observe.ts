import type { Run, RunStep } from '../../nodes/api/runs.ts'
import type { Json } from '../../nodes/json.ts'
import type { Sandbox } from '../../runtime/sandbox/sandbox.ts'
import type { ConformanceCase } from './case-files.ts'
import type { World } from './world.ts'

/** How a run was not accepted. */
export interface Refusal {
  /** Not known where only a text is shown. */
  code?: string
  places?: string[]
  text: string
}
export type Outcome = { run: Run } | { refusal: Refusal }

/** Starts a case in one way and answers with its end. */
export type StartCase = (input: Record<string, Json>) => Promise<Outcome>

/** The input of a case, with the address of the HTTP target in place of `$http`. */
export function inputOf({ input }: ConformanceCase, { target }: World): Record<string, Json> {
  return JSON.parse(JSON.stringify(input).replaceAll('$http', target.origin)) as Record<string, Json>
}

/** What a case came to, in the words of its expectation. */
export function observe(outcome: Outcome, world: World, expected: ConformanceCase): object {
  const outside = { messages: takenBy(world.sandbox), requests: world.target.requests() }
  if ('refusal' in outcome) return { ...outside, refused: describeRefusal(outcome.refusal, expected) }
  const { run } = outcome
  return {
    ...outside,
    path: pathOf(run),
    states: statesOf(run),
    ...(run.status === 'done' && { output: run.output }),
    ...(run.status !== 'done' && { error: { code: run.error?.code, node: run.error?.nodeId } }),
  }
}

/** What is expected, in the same words. */
export function expectationOf(expected: ConformanceCase): object {
  const { messages, requests, refused, path, states, output, error } = expected
  if (refused) return { messages, requests, refused }
  return { messages, requests, path, states, ...(error ? { error } : { output: output ?? null }) }
}

function describeRefusal({ code, places, text }: Refusal, { refused }: ConformanceCase): object {
  const says = refused && text.includes(refused.says) ? refused.says : text
  return { code: code ?? refused?.code, places: places ?? refused?.places, says }
}

function takenBy(sandbox: Sandbox): Record<string, string[]> {
  const taken: Record<string, string[]> = {}
  for (const { to, text } of sandbox.messages(10_000).toReversed()) (taken[to] ??= []).push(text)
  return taken
}

function statesOf({ steps }: Run): Record<string, string> {
  const messages = steps.flatMap((step) => step.messages ?? [])
  return Object.fromEntries(
    messages.flatMap(({ name, phone, state, reason }) =>
      state === 'accepted' ? [] : [[name || phone, reason ?? state]],
    ),
  )
}

/**
 * The steps in the order of the graph: each body behind the step that walks it, however the rounds and branches that
 * went on at the same time mixed.
 */
export function pathOf({ steps }: Run): string[] {
  const bodies = Map.groupBy(steps, ({ path }) => path.slice(0, path.lastIndexOf('/') + 1))
  const inOrder = (body: string): string[] =>
    (bodies.get(body) ?? []).flatMap((step) => [
      describeStep(step),
      ...[...bodies.keys()]
        .filter(
          (each) => each.startsWith(`${step.path}:`) && !each.slice(step.path.length + 1, -1).includes('/'),
        )
        .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
        .flatMap(inOrder),
    ])
  return inOrder('')
}

function describeStep({ path, port, status }: RunStep): string {
  if (port !== null) return `${path} > ${port}`
  return status === 'failed' ? `${path} !` : path
}
