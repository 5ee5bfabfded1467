import type { XRay, XRayRequest } from '../../nodes/api/x-ray.ts'
import { refuseTooMany } from '../../nodes/directory/refuse-too-many.ts'
import {
  chosenService,
  planMessages,
  prepareTexts,
  selectPeople,
} from '../../nodes/sms-notification/prepare.ts'
import { refuseTextless } from '../../nodes/sms-notification/template-texts.ts'
import { xRayReportOf, xRayTextOf } from '../../nodes/sms-notification/x-ray.ts'
import type { FunctionStore } from '../elements/functions.ts'
import { PreparingContext } from '../engine/step-context.ts'
import type { PreparingServices } from '../engine/step-context.ts'
import type { Ledger, OpenRun } from '../ledger/ledger.ts'
import { knownValue, knownVariables } from './known-variables.ts'
import { nameReasons } from './name-reasons.ts'
import { Problems } from './problems.ts'
import { noticeXRay } from './notice-x-ray.ts'
import { readNotice, readStep } from './read-step.ts'
import { SampleValues } from './sample-values.ts'

/** Runs that are looked through for one that can lend its values. */
const LOOK_BACK = 20

export interface XRayDependencies extends PreparingServices {
  ledger: Ledger
  functions: FunctionStore
  now: () => Date
}

/**
 * Shows who would get which text from one step, and who would not and why, by the same steps that a run takes.
 * Executes nothing: no step, no provider, no write.
 * @throws FlowError `NOT_FOUND`, GraphError; what would make the step fail is in `problems` instead
 */
export async function xRay(request: XRayRequest, dependencies: XRayDependencies): Promise<XRay> {
  const notice = readNotice(request, dependencies.functions)
  if (notice) return noticeXRay(notice, request, dependencies)
  const { graph, params } = readStep(request, dependencies.functions)
  const lastRun = await lastRunOf(request.function ?? graph.name, dependencies.ledger)
  const samples = await new SampleValues(graph, request.sample, lastRun).nameEntries(dependencies.directory)
  const context = new PreparingContext(samples.moment(dependencies.now), dependencies)
  const problems = new Problems()

  const service = problems.noted(() => chosenService(params, context))
  const { variables, ...unknowns } = knownVariables(params, service, context, samples, problems)
  const texts = service && problems.noted(() => prepareTexts({ ...params, variables }, service, context))
  // whoever a value names can only be shown where everything that it is made of has a sample
  const recipients = params.recipients.filter(
    (each) => each.kind !== 'value' || knownValue(each.value, context, samples, problems) !== undefined,
  )
  const people = await selectPeople({ ...params, recipients }, context)
  problems.noted(() => refuseTooMany(people, params.maxRecipients))

  const signature = service && dependencies.signature(service.id)
  const options = { ...request, ...unknowns, service, signature }
  const messages =
    service && texts
      ? planMessages(people, texts, service, context, params)
      : people.map((person) => ({ ...person, serviceId: '' }))
  problems.noted(() => refuseTextless(messages))
  const report = xRayReportOf(messages, options)
  if (report.texts.length === 0 && texts) report.texts.push(xRayTextOf(texts.common, options))
  return {
    ...report,
    people: await nameReasons(report.people, dependencies.directory),
    unknownRecipients: params.recipients.length - recipients.length,
    values: samples.usedBy(params),
    lastRun: lastRun ? { id: lastRun.run.id, created: new Date(lastRun.run.created).toISOString() } : null,
    problems: problems.list,
  }
}

/** The newest run that really happened and came to an end, whatever became of it. */
export async function lastRunOf(functionName: string, ledger: Ledger): Promise<OpenRun | undefined> {
  const runs = await ledger.runs({ function: functionName, limit: LOOK_BACK })
  const last = runs.find((run) => run.finished !== null && !run.dryRun && run.trigger !== 'test')
  return last && ledger.run(last.id)
}
