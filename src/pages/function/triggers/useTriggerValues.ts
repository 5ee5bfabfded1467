import { computed, type Ref } from 'vue'
import { triggerNames } from '../../../../nodes/triggers/check-inputs.ts'
import type { TriggerSettings } from '../../../../nodes/triggers/settings.ts'
import { provideParams } from '../../../fields/params-context.ts'
import type { ValueName } from '../../../fields/value-names.ts'

type Kind = TriggerSettings['kind']

/** What `trigger` holds, by kind. */
const facts: Record<Kind, readonly string[]> = {
  hook: ['at', 'name'],
  schedule: ['at', 'name'],
  event: ['event', 'at', 'name'],
  'after-function': ['output', 'status', 'run', 'error', 'input', 'function', 'at', 'name'],
}

/** Tells the fields of values what a trigger of this kind knows by name. */
export function useTriggerValues(
  kind: Kind,
  form: { params: Ref<Readonly<Record<string, unknown>>>; errorAt: (path: string) => string },
): void {
  const names: ValueName[] = [
    ...(triggerNames(kind).has('payload') ? [{ path: 'payload', label: 'payload' }] : []),
    ...facts[kind].map((fact) => ({ path: `trigger.${fact}`, label: `trigger.${fact}` })),
  ]
  provideParams({
    params: form.params,
    setParam: () => undefined,
    nameGroups: computed(() => [{ kind: 'variables' as const, title: '', names }]),
    knownNames: computed(() => triggerNames(kind)),
    samples: computed(() => new Map()),
    dates: computed(() => ({})),
    factsAt: () => () => ({}),
    smsSteps: computed(() => []),
    functions: computed(() => []),
    usedPorts: computed(() => new Set<string>()),
    services: computed(() => undefined),
    service: computed(() => undefined),
    chain: computed(() => []),
    templates: computed(() => undefined),
    template: computed(() => undefined),
    placeholders: computed(() => null),
    setTemplatePlaceholders: () => undefined,
    isProcess: false,
    given: [],
    errorAt: form.errorAt,
    hintAt: () => '',
    reportTyping: () => undefined,
  })
}
