import { samplesOf } from '../../../nodes/message-templates/check-template.ts'
import type { TemplateContent } from '../../../nodes/message-templates/schema.ts'
import type { MessageTemplate, TemplateBinding } from '../../../nodes/message-templates/schema.ts'
import { placeholdersOf } from '../../../nodes/services/sms/template.ts'

/** What a person can change of a template. */
export function contentOf(template: MessageTemplate): TemplateContent {
  const { id: _, revision: __, updated: ___, ...content } = template
  return content
}

/** The names that the texts use and nobody has declared. */
export function undeclaredNames({ texts, placeholders }: TemplateContent): string[] {
  const declared = new Set(placeholders.map(({ name }) => name))
  return [...new Set(Object.values(texts).flatMap(placeholdersOf))].filter((name) => !declared.has(name))
}

export function addPlaceholders(draft: TemplateContent, names: readonly string[]): TemplateContent {
  const added = names.map((name) => ({ name, type: 'text' as const, sample: '', required: true }))
  return { ...draft, placeholders: [...draft.placeholders, ...added] }
}

/** Renames a placeholder wherever it is used: texts and bindings keep working. */
export function renamePlaceholder(draft: TemplateContent, from: string, to: string): TemplateContent {
  const placeholders = draft.placeholders.map((each) => (each.name === from ? { ...each, name: to } : each))
  const texts = mapValues(draft.texts, (text) => text.replaceAll(`\${${from}}`, `\${${to}}`))
  const bindings = mapValues(draft.bindings, (binding) =>
    changeVariables(binding, (variables) => mapValues(variables, (ours) => (ours === from ? to : ours))),
  )
  return { ...draft, placeholders, texts, bindings }
}

/** Takes a language out of the texts; the default one stays. */
export function removeText(draft: TemplateContent, locale: string): TemplateContent {
  return locale === draft.defaultLocale ? draft : { ...draft, texts: without(draft.texts, locale) }
}

export function setBinding(
  draft: TemplateContent,
  serviceId: string,
  binding: TemplateBinding | undefined,
): TemplateContent {
  const others = without(draft.bindings, serviceId)
  return { ...draft, bindings: binding ? { ...others, [serviceId]: binding } : others }
}

/**
 * Takes over the text that was read from the provider; its placeholders get ours of the same name.
 * @param names of the placeholders that the text has at the provider
 */
export function withProviderText<Entry extends { variables: Record<string, string> }>(
  entry: Entry,
  text: string,
  names: readonly string[],
  { placeholders }: TemplateContent,
): Entry {
  const ours = new Set(placeholders.map(({ name }) => name))
  const variables = Object.fromEntries(
    names.map((theirs) => [
      theirs,
      Object.hasOwn(entry.variables, theirs) ? entry.variables[theirs]! : ours.has(theirs) ? theirs : '',
    ]),
  )
  return { ...entry, text, variables }
}

/** What stands in the preview for the provider's placeholders. */
export function mappedSamples(
  template: TemplateContent,
  variables: Readonly<Record<string, string>>,
): Record<string, string> {
  const samples = samplesOf(template)
  return Object.fromEntries(
    Object.entries(variables)
      .filter(([, ours]) => Object.hasOwn(samples, ours))
      .map(([theirs, ours]) => [theirs, samples[ours]!]),
  )
}

function changeVariables(
  binding: TemplateBinding,
  change: (variables: Record<string, string>) => Record<string, string>,
): TemplateBinding {
  switch (binding.kind) {
    case 'alibaba-template':
      return {
        ...binding,
        byLocale: mapValues(binding.byLocale, (entry) => ({ ...entry, variables: change(entry.variables) })),
      }
    case 'twilio-content':
      return {
        ...binding,
        byLocale: mapValues(binding.byLocale, (entry) => ({ ...entry, variables: change(entry.variables) })),
      }
  }
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

export function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([each]) => each !== key))
}
