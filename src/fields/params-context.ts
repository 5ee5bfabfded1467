import { inject, provide, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import type { FunctionSummary } from '../../nodes/api/elements.ts'
import type { MessageTemplate } from '../../nodes/message-templates/schema.ts'
import type { SmsServiceSummary } from '../../nodes/services/sms/settings.ts'
import type { NameFacts } from './name-facts.ts'
import type { SampleNames, SampleSource } from './sample-names.ts'
import type { ValueNameGroup } from './value-names.ts'

/** What the fields of Set Parameters know of the node, the function and each other. */
export interface ParamsContext {
  /** Everything typed so far, by parameter. */
  params: Readonly<Ref<Readonly<Record<string, unknown>>>>
  setParam(name: string, value: unknown): void
  /** Names that a value can use at this node, as the picker shows them. */
  nameGroups: ComputedRef<readonly ValueNameGroup[]>
  /** The same names as formulas know them: inputs, variables, `nodes.<id>`. */
  knownNames: ComputedRef<ReadonlySet<string>>
  /** Values that stand for those of a run; none where there is nothing to take them from. */
  samples: ComputedRef<SampleNames>
  /** What is known of a name in the place of the value at a field, or with `inText` in the middle of a text there. */
  factsAt(path: string, options?: { inText?: boolean }): (name: string) => NameFacts
  /** Zone and language of dates in formulas. */
  dates: ComputedRef<Pick<SampleSource, 'timeZone' | 'language'>>
  /** SMS steps that run before this node. */
  smsSteps: ComputedRef<readonly { id: string; title: string }[]>
  /** The functions of this server. */
  functions: ComputedRef<readonly FunctionSummary[]>
  /** Ports of this node that a connection leaves by. */
  usedPorts: ComputedRef<ReadonlySet<string>>
  /** `undefined` until they are loaded. */
  services: ComputedRef<readonly SmsServiceSummary[] | undefined>
  /** The service chosen in this form. */
  service: ComputedRef<SmsServiceSummary | undefined>
  /** The service chosen in this form and those that take over from it, in their order. */
  chain: ComputedRef<readonly SmsServiceSummary[]>
  /** All message templates; `undefined` until they are loaded. */
  templates: ComputedRef<readonly MessageTemplate[] | undefined>
  /** The message template chosen in this form. */
  template: ComputedRef<MessageTemplate | undefined>
  /** True in an approval process: its steps know who initiated the request. */
  isProcess: boolean
  /** Placeholders that are filled by themselves; where there are some, texts leave only with `sms` switched on. */
  given: readonly string[]
  /** Placeholders of the template; `null` where its text lives at the provider and was not read yet. */
  placeholders: ComputedRef<readonly string[] | null>
  /** Tells the form what a template read from the provider of a service holds. */
  setTemplatePlaceholders(serviceId: string, code: string, names: readonly string[], text: string): void
  /** The text at a field that keeps OK from closing; `''` where there is none. */
  errorAt(path: string): string
  /** What a value at a field fails by, or may, while it is typed; `''` where nothing is known. */
  hintAt(path: string): string
  /** A field says that what stands in it cannot be read (a text below `function.typed`); `null`: it can again. */
  reportTyping(path: string, key: string | null): void
}

const key: InjectionKey<ParamsContext> = Symbol('sms-logic params')

export function provideParams(context: ParamsContext) {
  provide(key, context)
}

export function useParams(): ParamsContext {
  const context = inject(key)
  if (!context) throw new Error('This field needs a form that calls provideParams() above it')
  return context
}
