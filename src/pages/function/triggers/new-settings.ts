import type { TriggerKind } from '../../../../nodes/api/runs.ts'
import type { TriggerSettings } from '../../../../nodes/triggers/settings.ts'

/** What the form of a new trigger begins with. */
export function newSettings(kind: TriggerKind, functionName: string, timeZone: string): TriggerSettings {
  const common = { name: '', concurrency: 'parallel' as const, inputs: {} }
  switch (kind) {
    case 'hook':
      return {
        ...common,
        kind,
        path: functionName,
        proof: 'key',
        body: 'inputs',
        answer: 'end',
        timeoutSeconds: 20,
      }
    case 'schedule':
      return {
        ...common,
        kind,
        times: { form: 'day', time: '09:00' },
        timeZone,
        skipHolidays: false,
        catchUp: 'skip',
      }
    case 'event':
      return { ...common, kind, event: '', condition: '' }
    case 'after-function':
      return { ...common, kind, after: '', end: 'done' }
  }
}
