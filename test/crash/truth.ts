import path from 'node:path'
import type { Run } from '../../nodes/api/runs.ts'
import type { MessageReport } from '../../nodes/messages.ts'
import { startSandbox } from '../../runtime/sandbox/start-sandbox.ts'
import type { SandboxOptions } from '../../runtime/sandbox/start-sandbox.ts'
import type { Sandbox } from '../../runtime/sandbox/sandbox.ts'
import { newFolder } from '../support/product.ts'

/** Emulators in the test's own process: they outlive every kill, and their file is the truth that is compared with. */
export function startTruth(options: SandboxOptions = {}): Promise<Sandbox> {
  return startSandbox({ file: path.join(newFolder(), 'truth.db'), ...options })
}

/** How often each text was taken for each number, whatever the client was told. */
export function takenTexts(sandbox: Sandbox): Map<string, number> {
  const taken = new Map<string, number>()
  for (const { to, text } of sandbox.messages(1_000_000)) {
    const key = `${to} ${text}`
    taken.set(key, (taken.get(key) ?? 0) + 1)
  }
  return taken
}

/** Every message of a run, whichever step it belongs to. */
export function messagesOf(run: Run): MessageReport[] {
  return run.steps.flatMap((step) => step.messages ?? [])
}

/** How many messages ended in each state. */
export function countStates(messages: readonly MessageReport[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { state } of messages) counts[state] = (counts[state] ?? 0) + 1
  return counts
}
