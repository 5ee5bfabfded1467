import type { SmsServiceSummary } from '../services/sms/settings.ts'
import { placeholdersOf, renderTemplate } from '../services/sms/template.ts'
import { alibabaValueProblem } from './alibaba-value.ts'
import { messageSource, missingProblem, sourceProblems } from './message-source.ts'
import { placeholderText } from './placeholder-text.ts'
import { MAX_TEXT, type PlaceholderType, type TemplateContent } from './schema.ts'
import { error, placeOf, warning, type TemplateProblem } from './template-problem.ts'

/**
 * Everything that is wrong with a template as it stands on its page.
 * @param services all SMS services; without them, bindings are not checked
 */
export function checkTemplate(
  template: TemplateContent,
  services: readonly SmsServiceSummary[] | undefined,
): TemplateProblem[] {
  const byId = new Map(services?.map((service) => [service.id, service]))
  const bound = Object.keys(template.bindings)
  return [
    ...textProblems(template),
    ...unusedProblems(template),
    ...(services ? bound : []).flatMap((id) => {
      const service = byId.get(id)
      return service ? problemsForService(template, service) : [warning('serviceGone', {}, `bindings/${id}`)]
    }),
    ...sampleProblems(template),
  ]
}

/** What keeps one service from sending the template, in any language. */
export function problemsForService(template: TemplateContent, service: SmsServiceSummary): TemplateProblem[] {
  const source = messageSource(template, service)
  if ('problem' in source) return [source.problem]
  const { defaultLocale } = template
  return [
    ...(Object.hasOwn(source.byLocale, defaultLocale)
      ? []
      : [missingProblem(source, service, defaultLocale)]),
    ...Object.keys(source.byLocale).flatMap((locale) => sourceProblems(template, service, source, locale)),
  ]
}

/** A template whose words all live at providers needs no text of its own. */
function textProblems(template: TemplateContent): TemplateProblem[] {
  const isNeeded = Object.keys(template.bindings).length === 0 || Object.keys(template.texts).length > 0
  return isNeeded ? problemsForService({ ...template, bindings: {} }, anyTextService) : []
}

const anyTextService: SmsServiceSummary = { id: '', name: '', provider: 'twilio', sandbox: false }

function unusedProblems({ placeholders, texts, bindings }: TemplateContent): TemplateProblem[] {
  const used = new Set([
    ...Object.values(texts).flatMap(placeholdersOf),
    ...Object.values(bindings).flatMap(({ byLocale }) =>
      Object.values(byLocale).flatMap(({ variables }) => Object.values(variables)),
    ),
  ])
  return placeholders
    .filter(({ name }) => !used.has(name))
    .map((placeholder) => warning('unused', { name: placeholder.name }, placeOf(placeholder)))
}

/** Samples are what values will look like: one that could not be sent points at a wrong type or length. */
function sampleProblems(template: TemplateContent): TemplateProblem[] {
  const { placeholders, texts, bindings, category } = template
  const samples = samplesOf(template)
  const written = placeholders.map((placeholder) => {
    const { name } = placeholder
    return { name, ...placeholderText(placeholder, samples[name], { locale: template.defaultLocale }) }
  })
  const values = Object.fromEntries(written.map((each) => [each.name, 'text' in each ? each.text : '']))
  const atAlibaba = new Set(
    Object.values(bindings).flatMap(({ kind, byLocale }) =>
      kind === 'alibaba-template'
        ? Object.values(byLocale).flatMap(({ variables }) => Object.values(variables))
        : [],
    ),
  )
  return [
    ...written.flatMap((each) => {
      const fault =
        'problem' in each
          ? each.problem
          : atAlibaba.has(each.name) && each.text !== ''
            ? alibabaValueProblem(each.name, each.text, category)
            : undefined
      return fault ? [warning(fault.key, fault.params, fault.place)] : []
    }),
    ...Object.entries(texts).flatMap(([locale, text]) => {
      const { length } = renderTemplate(text, values)
      const facts = { locale, length, limit: MAX_TEXT }
      return length > MAX_TEXT ? [error('textTooLong', facts, `texts/${locale}`)] : []
    }),
  ]
}

/** The values of the preview: each placeholder's sample, else something of its type. */
export function samplesOf({ placeholders }: Pick<TemplateContent, 'placeholders'>): Record<string, string> {
  return Object.fromEntries(
    placeholders.map(({ name, sample, type }) => [name, sample !== '' ? sample : standIns[type] || name]),
  )
}

const standIns: Record<PlaceholderType, string> = {
  text: '',
  number: '42',
  'date-time': '2026-08-01T09:30',
  url: 'https://example.com/a',
  code: '123456',
}
