import type { Json } from '../json.ts'
import type { SmsServiceSummary } from '../services/sms/settings.ts'
import { renderContentTemplate } from '../services/sms/content-template.ts'
import { renderTemplate } from '../services/sms/template.ts'
import { alibabaValueProblem } from './alibaba-value.ts'
import { messageSource, missingProblem, sourceProblems } from './message-source.ts'
import type { MessageSource } from './message-source.ts'
import { pickByLocale } from './pick-locale.ts'
import { placeholderText, type Reader } from './placeholder-text.ts'
import { MAX_TEXT, type TemplateContent } from './schema.ts'
import { error, type TemplateProblem } from './template-problem.ts'

/** What the provider is given; with `shown`, what it makes of that, where its text was read from there. */
export type RenderedBody =
  | { text: string }
  | { templateCode: string; templateVariables: Record<string, string>; shown?: string }
  | { contentSid: string; contentVariables: Record<string, string>; shown?: string }

export interface RenderedMessage {
  body: RenderedBody
  /** The language that was found for the person. */
  locale: string
}

/**
 * Makes the message of each person from a template: in the person's language, with the values of the graph.
 * Who reads the same gets the same object, so ten thousand people cost as much as their languages and time zones.
 * @param values by placeholder, as the graph computed them
 */
export function messageRenderer(
  template: TemplateContent,
  service: SmsServiceSummary,
  values: Readonly<Record<string, Json>>,
): (reader: Reader) => RenderedMessage | { problem: TemplateProblem } {
  const source = messageSource(template, service)
  const rendered = new Map<string, RenderedMessage | { problem: TemplateProblem }>()
  /** Readers of different places often read the same. */
  const different = new Map<string, RenderedMessage | { problem: TemplateProblem }>()
  return (reader) => {
    if ('problem' in source) return source
    const key = `${reader.locale ?? ''} ${reader.timeZone ?? ''}`
    let message = rendered.get(key)
    if (!message) {
      const made = renderFor(template, service, source, values, reader)
      const content = JSON.stringify(made)
      message = different.get(content) ?? made
      different.set(content, message)
      rendered.set(key, message)
    }
    return message
  }
}

function renderFor(
  template: TemplateContent,
  service: SmsServiceSummary,
  source: MessageSource,
  values: Readonly<Record<string, Json>>,
  reader: Reader,
): RenderedMessage | { problem: TemplateProblem } {
  const found = pickByLocale<unknown>(source.byLocale, reader.locale, template.defaultLocale)
  if (!found) return { problem: missingProblem(source, service, template.defaultLocale) }
  const { locale } = found
  const fault = sourceProblems(template, service, source, locale).find(({ severity }) => severity === 'error')
  if (fault) return { problem: fault }
  const texts = textsFor(template, values, { ...reader, locale: localeOfValues(locale, reader.locale) })
  if ('problem' in texts) return texts
  return renderFrom(template, source, locale, texts.texts)
}

function renderFrom(
  template: TemplateContent,
  source: MessageSource,
  locale: string,
  texts: Readonly<Record<string, string>>,
): RenderedMessage | { problem: TemplateProblem } {
  switch (source.kind) {
    case 'text': {
      const text = renderTemplate(source.byLocale[locale]!, texts)
      if (text.length > MAX_TEXT) {
        return {
          problem: error('textTooLong', { locale, length: text.length, limit: MAX_TEXT }, `texts/${locale}`),
        }
      }
      return { body: { text }, locale }
    }
    case 'alibaba-template': {
      const { templateCode, variables, text } = source.byLocale[locale]!
      for (const name of new Set(Object.values(variables))) {
        const problem = alibabaValueProblem(name, texts[name]!, template.category)
        if (problem) return { problem }
      }
      const templateVariables = mapped(variables, texts)
      const shown = text === undefined ? {} : { shown: renderTemplate(text, templateVariables) }
      return { body: { templateCode, templateVariables, ...shown }, locale }
    }
    case 'twilio-content': {
      const { contentSid, variables, text } = source.byLocale[locale]!
      const contentVariables = mapped(variables, texts)
      const shown = text === undefined ? {} : { shown: renderContentTemplate(text, contentVariables) }
      return { body: { contentSid, contentVariables, ...shown }, locale }
    }
  }
}

function textsFor(
  { placeholders }: TemplateContent,
  values: Readonly<Record<string, Json>>,
  reader: Reader,
): { texts: Record<string, string> } | { problem: TemplateProblem } {
  const texts: Record<string, string> = {}
  for (const placeholder of placeholders) {
    const { name } = placeholder
    const written = placeholderText(
      placeholder,
      Object.hasOwn(values, name) ? values[name] : undefined,
      reader,
    )
    if ('problem' in written) return written
    texts[name] = written.text
  }
  return { texts }
}

/** Provider's name → text. */
function mapped(
  variables: Readonly<Record<string, string>>,
  texts: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([theirs, ours]) => [theirs, texts[ours]!]))
}

/** A reader from Britain gets dates in the British way within an English text, but no German ones. */
function localeOfValues(ofText: string, ofReader: string | undefined): string {
  const language = (locale: string) => locale.split(/[-_]/, 1)[0]!.toLowerCase()
  return ofReader !== undefined && language(ofReader) === language(ofText) ? ofReader : ofText
}
