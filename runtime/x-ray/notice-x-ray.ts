import type { XRay, XRayRequest } from '../../nodes/api/x-ray.ts'
import { refuseTooMany } from '../../nodes/directory/refuse-too-many.ts'
import { prepareNotice, selectReaders } from '../../nodes/message-notification/prepare.ts'
import { noticeReportOf } from '../../nodes/message-notification/x-ray.ts'
import type { Value } from '../../nodes/values/value.ts'
import { PreparingContext } from '../engine/step-context.ts'
import { knownValue, unknownMark } from './known-variables.ts'
import { nameReasons } from './name-reasons.ts'
import { Problems } from './problems.ts'
import type { ChosenNotice } from './read-step.ts'
import { SampleValues } from './sample-values.ts'
import { lastRunOf } from './x-ray.ts'
import type { XRayDependencies } from './x-ray.ts'

/** Shows who would find which notice in the inbox, by the same steps that a run takes. Executes nothing. */
export async function noticeXRay(
  { graph, params }: ChosenNotice,
  request: XRayRequest,
  dependencies: XRayDependencies,
): Promise<XRay> {
  const lastRun = await lastRunOf(request.function ?? graph.name, dependencies.ledger)
  const samples = await new SampleValues(graph, request.sample, lastRun).nameEntries(dependencies.directory)
  const context = new PreparingContext(samples.moment(dependencies.now), dependencies)
  const problems = new Problems()
  const isKnown = (value: Value) => knownValue(value, context, samples, problems) !== undefined

  const recipients = params.recipients.filter((each) => each.kind !== 'value' || isKnown(each.value))
  const people = await selectReaders({ recipients }, context)
  problems.noted(() => refuseTooMany(people, params.maxRecipients))

  const { title, text, link } = params
  const unknown = [title, text].filter((value) => !isKnown(value))
  const marked = (value: Value): Value =>
    unknown.includes(value) ? { kind: 'fixed', value: unknownMark(sourceOf(value)) } : value
  const knownLink = link && isKnown(link) ? link : undefined
  const notice = problems.noted(() =>
    prepareNotice({ title: marked(title), text: marked(text), link: knownLink }, context),
  )
  const report = noticeReportOf(people, notice, { ...request, estimated: unknown.length > 0 })
  return {
    ...report,
    people: await nameReasons(report.people, dependencies.directory),
    unknownRecipients: params.recipients.length - recipients.length,
    values: samples.usedBy(params),
    lastRun: lastRun ? { id: lastRun.run.id, created: new Date(lastRun.run.created).toISOString() } : null,
    problems: problems.list,
  }
}

function sourceOf(value: Value): string {
  if (value.kind === 'fixed') return ''
  return value.kind === 'variable' ? value.path : value.source
}
