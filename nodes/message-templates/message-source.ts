import { contentPlaceholdersOf } from '../services/sms/content-template.ts'
import { smsProviders, type SmsServiceSummary } from '../services/sms/settings.ts'
import { placeholdersOf } from '../services/sms/template.ts'
import type { AlibabaTemplateBinding, TemplateContent, TwilioContentBinding } from './schema.ts'
import { error, warning, type TemplateProblem } from './template-problem.ts'

/** Where a service takes the words of a template from, by locale. */
export type MessageSource =
  | { kind: 'text'; byLocale: Readonly<Record<string, string>> }
  | { kind: 'alibaba-template'; byLocale: Readonly<Record<string, AlibabaTemplateBinding>> }
  | { kind: 'twilio-content'; byLocale: Readonly<Record<string, TwilioContentBinding>> }

/** The source that a service uses, or why it cannot use the template at all. */
export function messageSource(
  { bindings, texts }: TemplateContent,
  service: SmsServiceSummary,
): MessageSource | { problem: TemplateProblem } {
  const binding = Object.hasOwn(bindings, service.id) ? bindings[service.id] : undefined
  const facts = { service: service.name }
  if (!binding) {
    return smsProviders[service.provider].template === 'text'
      ? { kind: 'text', byLocale: texts }
      : { problem: error('unbound', facts, `bindings/${service.id}`) }
  }
  const fits = binding.kind === 'alibaba-template' ? 'alibaba' : 'twilio'
  return service.provider === fits
    ? binding
    : { problem: error('bindingUnfit', facts, `bindings/${service.id}`) }
}

/** What is wrong with one language of a source, whatever the values will be. */
export function sourceProblems(
  template: TemplateContent,
  service: SmsServiceSummary,
  source: MessageSource,
  locale: string,
): TemplateProblem[] {
  switch (source.kind) {
    case 'text':
      return textProblems(template, source.byLocale[locale]!, locale)
    case 'alibaba-template': {
      const binding = source.byLocale[locale]!
      const place = `bindings/${service.id}/${locale}`
      return [
        ...(binding.templateCode === ''
          ? [error('codeMissing', { service: service.name, locale }, place)]
          : []),
        ...mappingProblems(template, binding.variables, place),
        ...alibabaProblems(template, binding, place),
      ]
    }
    case 'twilio-content': {
      const { variables, text } = source.byLocale[locale]!
      const place = `bindings/${service.id}/${locale}`
      return [
        ...mappingProblems(template, variables, place),
        ...(text === undefined ? [] : nameProblems(contentPlaceholdersOf(text), variables, place)),
      ]
    }
  }
}

/** Every language of a source has to be there once, the default one always: everybody's last resort. */
export function missingProblem(
  source: MessageSource,
  service: SmsServiceSummary,
  locale: string,
): TemplateProblem {
  return source.kind === 'text'
    ? error('textMissing', { locale }, `texts/${locale}`)
    : error('bindingMissing', { service: service.name, locale }, `bindings/${service.id}`)
}

function textProblems({ placeholders }: TemplateContent, text: string, locale: string): TemplateProblem[] {
  const place = `texts/${locale}`
  if (text.trim() === '') return [error('textMissing', { locale }, place)]
  const declared = new Set(placeholders.map(({ name }) => name))
  return placeholdersOf(text)
    .filter((name) => !declared.has(name))
    .map((name) => error('undeclared', { name, locale }, place))
}

function mappingProblems(
  { placeholders }: TemplateContent,
  variables: Readonly<Record<string, string>>,
  place: string,
): TemplateProblem[] {
  const declared = new Set(placeholders.map(({ name }) => name))
  return Object.entries(variables)
    .filter(([, ours]) => !declared.has(ours))
    .map(([theirs, ours]) =>
      ours === ''
        ? error('notMapped', { name: theirs }, place)
        : error('mapsUndeclared', { theirs, name: ours }, place),
    )
}

/** Alibaba refuses links and empty values. */
function alibabaProblems(
  { placeholders }: TemplateContent,
  { variables, text }: AlibabaTemplateBinding,
  place: string,
): TemplateProblem[] {
  const mapped = new Set(Object.values(variables))
  return [
    ...placeholders
      .filter(({ name, type }) => mapped.has(name) && type === 'url')
      .map(({ name }) => error('urlForbidden', { name }, place)),
    ...placeholders
      .filter(({ name, required }) => mapped.has(name) && !required)
      .map(({ name }) => warning('optionalForbidden', { name }, place)),
    ...(text === undefined ? [] : nameProblems(placeholdersOf(text), variables, place)),
  ]
}

/** Where the text was read from the provider, names are compared with its placeholders. */
function nameProblems(
  theirs: readonly string[],
  variables: Readonly<Record<string, string>>,
  place: string,
): TemplateProblem[] {
  return [
    ...theirs
      .filter((name) => !Object.hasOwn(variables, name))
      .map((name) => error('notMapped', { name }, place)),
    ...Object.keys(variables)
      .filter((name) => !theirs.includes(name))
      .map((name) => error('notAtProvider', { name }, place)),
  ]
}
