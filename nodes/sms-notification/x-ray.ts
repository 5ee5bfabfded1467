import type { XRayPerson, XRayReport, XRayText } from '../api/x-ray.ts'
import type { RecipientReason } from '../directory/schema.ts'
import { maskPhone } from '../messages.ts'
import type { PlannedMessage } from '../messages.ts'
import { countSegments, segmentOptions } from '../services/sms/segments.ts'
import type { SmsServiceSummary } from '../services/sms/settings.ts'
import { renderTemplate } from '../services/sms/template.ts'
import type { PreparedTexts } from './prepare.ts'

/** Which people a report lists. */
export interface PageOptions {
  show: 'all' | 'texted' | 'skipped'
  search: string
  offset: number
  limit: number
}

/** What the report needs besides the messages. */
export interface XRayOptions extends PageOptions {
  service: SmsServiceSummary | undefined
  /** Alibaba: stands before each text, without its brackets. */
  signature?: string | undefined
  /** Alibaba: the text of the template, where it was read from the provider. */
  templateText?: string | undefined
  /** What stands in the texts for values that are not known yet. */
  unknown?: readonly string[] | undefined
  /** True where samples stand in the texts for values that are not known yet. */
  hasStandIns?: boolean | undefined
}

/** A report whose reasons still carry ids in place of names. */
export type NamelessReport = Omit<XRayReport, 'people'> & {
  people: (Omit<XRayPerson, 'reasons'> & { reasons: readonly RecipientReason[] })[]
}

/** Puts Latin names in their usual order and Chinese ones by sound. */
const byName = new Intl.Collator('zh')

/**
 * Describes what a step planned. Only the page that is asked for is described person by person; segments are counted
 * once for each different text, so that ten thousand people cost little more than one.
 */
export function xRayReportOf(messages: readonly PlannedMessage[], options: XRayOptions): NamelessReport {
  const { service } = options
  const texts = new Texts(options)
  const skipped: XRayReport['skipped'] = {}
  let texted = 0
  let segments: number | null = 0
  let estimated = false
  for (const message of messages) {
    if (message.skipped) {
      skipped[message.skipped] = (skipped[message.skipped] ?? 0) + 1
    } else {
      const text = texts.of(message)
      segments = text.segments === null || segments === null ? null : segments + text.segments
      estimated ||= text.estimated
      texted++
    }
  }
  const { matching, page } = pageOfPeople(messages, options)
  return {
    channel: 'sms',
    service: service ? { name: service.name, provider: service.provider, sandbox: service.sandbox } : null,
    selected: messages.length,
    texted,
    skipped,
    segments,
    estimated,
    differentTexts: texts.count,
    matching,
    people: page.map((message) => ({
      memberId: message.memberId,
      name: message.name,
      phone: maskPhone(message.phone),
      ...(message.skipped && { skipped: message.skipped }),
      ...(message.error && { error: message.error }),
      reasons: message.reasons,
      text: message.skipped ? null : texts.listed(message),
    })),
    texts: texts.list,
  }
}

/** One page of the people who match what is asked for, by name. */
export function pageOfPeople<Person extends { name: string; skipped?: unknown }>(
  people: readonly Person[],
  { show, search, offset, limit }: PageOptions,
): { matching: number; page: Person[] } {
  const wanted = search.trim().toLowerCase()
  const matching = people.filter(
    (each) =>
      (show === 'all' || (show === 'skipped') === (each.skipped !== undefined)) &&
      (wanted === '' || each.name.toLowerCase().includes(wanted)),
  )
  const page =
    limit === 0 ? [] : matching.sort((a, b) => byName.compare(a.name, b.name)).slice(offset, offset + limit)
  return { matching: matching.length, page }
}

/** How a text looks that nobody gets yet, for a step without recipients. */
export function xRayTextOf(body: PreparedTexts['common'], options: XRayOptions): XRayText {
  return describeText(body, '', options)
}

/** The different texts of one step, each counted once and listed only where somebody of the page gets it. */
class Texts {
  readonly list: XRayText[] = []
  readonly #options: XRayOptions
  /** By rule of counting, then by what the text is made of: people who read the same share that. */
  readonly #known = new Map<string, Map<unknown, { text: XRayText; place: number | null }>>()
  readonly #different = new Set<unknown>()

  constructor(options: XRayOptions) {
    this.#options = options
  }

  get count(): number {
    return this.#different.size
  }

  of(message: PlannedMessage): XRayText {
    return this.#of(message).text
  }

  listed(message: PlannedMessage): number {
    const known = this.#of(message)
    known.place ??= this.list.push(known.text) - 1
    return known.place
  }

  #of(message: PlannedMessage) {
    const content = message.text ?? message.shown ?? message.templateVariables ?? message.contentVariables
    const rule = message.phone.startsWith('+86') ? 'domestic' : 'standard'
    let texts = this.#known.get(rule)
    if (!texts) this.#known.set(rule, (texts = new Map()))
    let known = texts.get(content)
    if (!known) {
      known = { text: describeText(message, message.phone, this.#options), place: null }
      texts.set(content, known)
      this.#different.add(content)
    }
    return known
  }
}

function describeText(body: PreparedTexts['common'], phone: string, options: XRayOptions): XRayText {
  const provider = options.service?.provider ?? 'twilio'
  const { templateCode, templateVariables, contentSid, contentVariables } = body
  const text =
    body.text ??
    body.shown ??
    (options.templateText === undefined
      ? null
      : renderTemplate(options.templateText, templateVariables ?? {}))
  const template = {
    ...(templateCode !== undefined && provider === 'alibaba' && { templateCode, templateVariables }),
    ...(contentSid !== undefined && provider === 'twilio' && { contentSid, contentVariables }),
  }
  if (text === null) {
    return { ...template, text, encoding: null, characters: 0, segments: null, estimated: true, forcedBy: [] }
  }
  const counted = withoutUnknown(text, options.unknown ?? [])
  const count = countSegments(counted, segmentOptions(provider, phone, options.signature))
  const { encoding, characters, segments } = count
  const estimated = counted !== text || options.hasStandIns === true
  return { ...template, text, encoding, characters, segments, estimated, forcedBy: [...count.forcedBy] }
}

/** What stands for a value must not make a text Unicode: plain letters of the same length are counted for it. */
function withoutUnknown(text: string, unknown: readonly string[]): string {
  return unknown.reduce((counted, mark) => counted.replaceAll(mark, 'x'.repeat(mark.length)), text)
}
