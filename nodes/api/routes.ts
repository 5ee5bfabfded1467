import { z } from 'zod'
import { organisation } from '../directory/regions.ts'
import { department, organisationRole, role } from '../directory/schema.ts'
import { functionName, graph } from '../graph/schema.ts'
import type { JsonObject } from '../json.ts'
import { messageTemplate } from '../message-templates/schema.ts'
import { messageReport } from '../messages.ts'
import {
  importResult,
  memberPage,
  memberQuery,
  memberView,
  organisationRoleSummary,
  writeDepartment,
  writeMember,
  writeOrganisationRole,
  writeRole,
} from './directory.ts'
import {
  createFunction,
  createSmsService,
  credentialsCheck,
  functionElement,
  functionSummary,
  functionVersion,
  functionVersionGraph,
  providerTemplate,
  publishFunction,
  saveFunction,
  smsService,
  updateSmsService,
  usage,
} from './elements.ts'
import {
  functionFile,
  functionTextAnswer,
  readFunctionFile,
  readFunctionFileAnswer,
} from './function-files.ts'
import {
  byInboxEntry,
  byMember,
  inboxEvent,
  inboxPage,
  inboxQuery,
  inboxUnread,
  markInboxEntry,
} from './inbox.ts'
import { inboxEntry } from '../inbox.ts'
import { alibabaAnswers, alibabaReply, alibabaReports, twilioForm } from './callbacks.ts'
import { approvalRoutes } from './approvals.ts'
import { accountRole, accountRoutes, person } from './accounts.ts'
import { credentialRoutes } from './credentials.ts'
import { auditRoutes } from './audit.ts'
import { createMessageTemplate, updateMessageTemplate } from './message-templates.ts'
import { addOptOut, liftOptOut, optOut } from './opt-outs.ts'
import { restorationRoutes } from './restoration.ts'
import { metricsRoutes } from './metrics.ts'
import { route } from './route.ts'
import {
  messageCountsAnswer,
  messageDetail,
  messageExport,
  messageFilter,
  messagePage,
  messageQuery,
} from './messages.ts'
import {
  dryRunOutcome,
  retryFailed,
  retryFailedResult,
  run,
  runEvent,
  runPage,
  runQuery,
  runStatus,
  runSummary,
} from './runs.ts'
import { sandboxAnswer, sandboxInfo, sandboxMessage, sandboxReceipts, setSandboxFault } from './sandbox.ts'
import { secretName } from '../secrets.ts'
import { eventName, hookPath } from '../triggers/settings.ts'
import { createSecret, replaceSecret, secret } from './secrets.ts'
import { callbackAddress, serverSettings, writeServerSettings } from './settings.ts'
import { resolveMessage, unknownMessage } from './unknown-messages.ts'
import { createdScimToken, createScimToken, scimRoutes, scimToken } from './scim.ts'
import {
  eventAnswer,
  firing,
  holidays,
  hookAnswer,
  madeTrigger,
  nextTimes,
  nextTimesRequest,
  switchTrigger,
  trigger,
  writeHolidays,
  writeTrigger,
} from './triggers.ts'
import { tokenRoutes } from './tokens.ts'
import { tryItRoutes } from './try-it.ts'
import { testSendRequest, xRay, xRayRequest } from './x-ray.ts'

const byName = z.object({ name: functionName })
const byId = z.object({ id: z.string().min(1).max(100) })
const bySecretName = z.object({ name: secretName })
const bySecret = z.object({ secret: z.string().min(20).max(100) })
/** An object of whatever JSON holds. The body was read as JSON, so its inside needs no second look here. */
const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  { error: 'expected an object such as {"device":"Pump 7"}' },
)
const inputObject = jsonObject.meta({
  type: 'object',
  description:
    'The inputs of the function by name. For a member, department or role: its id, or `{ "kind": "member", "id": "…" }`; ' +
    'a list of these where the input takes several',
})
const payloadObject = jsonObject.meta({ type: 'object', description: 'What happened' })
/** Bytes of a body that its handler checks and reads. */
const rawBody = z.custom<Uint8Array>((value) => value instanceof Uint8Array).meta({ description: 'JSON' })
const megabytes = (count: number) => count * 1024 * 1024

/** Every route of the server. Adding one here puts it into the OpenAPI document and the editor's client. */
export const routes = {
  health: route({
    method: 'GET',
    path: '/healthz',
    tag: 'Server',
    summary:
      'Says whether the server is ready; who is signed in hears of a disk that has no room for further runs too',
    response: z.object({
      status: z.literal('ok'),
      disk: z.literal('low').optional().describe('No further runs are taken'),
      freeMiB: z.int().optional().describe('Only with `disk`'),
      reserveMiB: z.int().optional().describe('Only with `disk`: so much shall stay free'),
    }),
    open: true,
  }),
  openSession: route({
    method: 'POST',
    path: '/api/session',
    tag: 'Server',
    summary: 'Exchanges the one-time token of the start link, or the access token, for a session cookie',
    body: z.strictObject({ token: z.string().min(1).max(500) }),
    response: null,
    open: true,
  }),
  session: route({
    method: 'GET',
    path: '/api/session',
    tag: 'Server',
    summary: 'Says who is asking and what this server has',
    response: z.object({
      version: z.string(),
      sandbox: z.boolean(),
      session: z.string().optional().describe('Of a browser: what its changes are signed with in `author`'),
      role: accountRole,
      member: person.nullable().describe('Null: came in by the start link or the access token'),
    }),
  }),
  closeSession: route({
    method: 'DELETE',
    path: '/api/session',
    tag: 'Server',
    summary: 'Signs out',
    response: null,
  }),

  listFunctions: route({
    method: 'GET',
    path: '/api/functions',
    tag: 'Functions',
    summary: 'Lists all functions',
    response: z.array(functionSummary),
  }),
  createFunction: route({
    method: 'POST',
    path: '/api/functions',
    tag: 'Functions',
    summary: 'Makes a function, empty or from a graph',
    body: createFunction,
    bodyLimit: megabytes(5),
    response: functionElement,
    status: 201,
  }),
  getFunction: route({
    method: 'GET',
    path: '/api/functions/{name}',
    tag: 'Functions',
    summary: 'Reads a function with its draft',
    params: byName,
    response: functionElement,
  }),
  saveFunction: route({
    method: 'PUT',
    path: '/api/functions/{name}',
    tag: 'Functions',
    summary: 'Saves the draft; refused where somebody else saved one since `revision`',
    params: byName,
    body: saveFunction,
    bodyLimit: megabytes(5),
    response: functionSummary,
  }),
  publishFunction: route({
    method: 'POST',
    path: '/api/functions/{name}/versions',
    tag: 'Functions',
    summary:
      'Publishes the draft as a version, which callers get from now on; refused while it has errors. Where nothing ' +
      'changed since the latest version the answer is that one',
    params: byName,
    body: publishFunction,
    response: functionVersion,
  }),
  listFunctionVersions: route({
    method: 'GET',
    path: '/api/functions/{name}/versions',
    tag: 'Functions',
    summary: 'Lists the published versions of a function, newest first',
    params: byName,
    response: z.array(functionVersion),
  }),
  getFunctionVersion: route({
    method: 'GET',
    path: '/api/functions/{name}/versions/{number}',
    tag: 'Functions',
    summary: 'Reads a published version with its graph',
    params: byName.extend({ number: z.coerce.number().int().min(1) }),
    response: functionVersionGraph,
  }),
  exportFunction: route({
    method: 'GET',
    path: '/api/functions/{name}/export',
    tag: 'Functions',
    summary:
      'Reads a function as a file: its graph and the names of everything that it names; no phone numbers',
    params: byName,
    query: z.object({
      version: z.union([z.enum(['draft', 'published']), z.coerce.number().int().min(1)]).default('draft'),
    }),
    response: functionFile,
  }),
  readFunctionText: route({
    method: 'GET',
    path: '/api/functions/{name}/text',
    tag: 'Functions',
    summary:
      'Reads a function as text, one statement per line, for reviews and diffs; phone numbers are masked',
    params: byName,
    query: z.object({
      version: z.union([z.enum(['draft', 'published']), z.coerce.number().int().min(1)]).default('draft'),
      locale: z.enum(['en', 'zh-CN']).default('en'),
    }),
    response: functionTextAnswer,
  }),
  readFunctionFile: route({
    method: 'POST',
    path: '/api/function-files',
    tag: 'Functions',
    summary:
      'Reads a function file and says what of its names is here; the graph of the answer has the ids of this server. ' +
      'Changes nothing',
    body: readFunctionFile,
    bodyLimit: megabytes(6),
    response: readFunctionFileAnswer,
  }),
  deleteFunction: route({
    method: 'DELETE',
    path: '/api/functions/{name}',
    tag: 'Functions',
    summary: 'Deletes a function; its runs stay',
    params: byName,
    response: null,
  }),

  listTriggers: route({
    method: 'GET',
    path: '/api/functions/{name}/triggers',
    tag: 'Triggers',
    summary: 'Lists the triggers of a function, with what keeps each from starting it',
    params: byName,
    response: z.array(trigger),
  }),
  createTrigger: route({
    method: 'POST',
    path: '/api/functions/{name}/triggers',
    tag: 'Triggers',
    summary: 'Makes a trigger, which is off. The key or secret of an HTTP trigger is answered this once',
    params: byName,
    body: writeTrigger,
    response: madeTrigger,
    status: 201,
  }),
  updateTrigger: route({
    method: 'PUT',
    path: '/api/triggers/{id}',
    tag: 'Triggers',
    summary: 'Changes a trigger; what waits for it stays. A schedule begins anew',
    params: byId,
    body: writeTrigger,
    response: madeTrigger,
  }),
  switchTrigger: route({
    method: 'POST',
    path: '/api/triggers/{id}/switch',
    tag: 'Triggers',
    summary: 'Switches a trigger on or off; off, what waits for it is given up',
    params: byId,
    body: switchTrigger,
    response: trigger,
  }),
  renewTriggerProof: route({
    method: 'POST',
    path: '/api/triggers/{id}/proof',
    tag: 'Triggers',
    summary: 'Makes a new key or secret of an HTTP trigger; the former is refused from now on',
    params: byId,
    response: madeTrigger,
  }),
  deleteTrigger: route({
    method: 'DELETE',
    path: '/api/triggers/{id}',
    tag: 'Triggers',
    summary: 'Deletes a trigger with its log; its runs stay',
    params: byId,
    response: null,
  }),
  triggerLog: route({
    method: 'GET',
    path: '/api/triggers/{id}/log',
    tag: 'Triggers',
    summary: 'Lists what a trigger was set off by and what came of it, newest first',
    params: byId,
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    response: z.array(firing),
  }),
  nextTimes: route({
    method: 'POST',
    path: '/api/schedules/next',
    tag: 'Triggers',
    summary: 'Reckons the next ten times of a schedule',
    body: nextTimesRequest,
    response: nextTimes,
  }),
  listHolidays: route({
    method: 'GET',
    path: '/api/holidays',
    tag: 'Triggers',
    summary: 'Lists the days on which schedules rest that skip holidays',
    response: holidays,
  }),
  replaceHolidays: route({
    method: 'PUT',
    path: '/api/holidays',
    tag: 'Triggers',
    summary: 'Replaces the list of holidays',
    body: writeHolidays,
    response: holidays,
  }),
  fireEvent: route({
    method: 'POST',
    path: '/api/events/{name}',
    tag: 'Triggers',
    summary:
      'Starts every function that waits for this event, with the body as `payload`. An `Idempotency-Key` header makes ' +
      'repeating safe',
    params: z.object({ name: eventName }),
    body: payloadObject,
    response: eventAnswer,
  }),
  callHook: route({
    method: 'POST',
    path: '/hooks/{path}',
    tag: 'Triggers',
    summary:
      'Starts the function of an HTTP trigger. The caller shows its key (`X-Trigger-Key`) or signs the request ' +
      '(`X-Timestamp`, `X-Signature`). 200 with the end of the run, 202 where it goes on or waits',
    params: z.object({ path: hookPath }),
    bodyType: 'raw',
    body: rawBody,
    response: hookAnswer,
    open: true,
    fromProvider: true,
  }),

  startRun: route({
    method: 'POST',
    path: '/api/functions/{name}/runs',
    tag: 'Runs',
    summary:
      'Starts a run with the body as input. Waits for its end up to `wait` seconds (200 with the run), else 202. ' +
      'An `Idempotency-Key` header makes repeating safe',
    params: byName,
    query: z.object({
      wait: z.coerce.number().min(0).max(25).default(20),
      version: z
        .union([z.enum(['draft', 'published']), z.coerce.number().int().min(1)])
        .optional()
        .describe(
          '`draft`, `published` or the number of a version; else the latest version, or the draft where none is',
        ),
      trigger: z.enum(['http', 'page', 'cli']).default('http').describe('Who asks, for the history'),
      dryRun: z.stringbool().default(false).describe('Walks the function and sends nothing'),
      outcome: dryRunOutcome.default('sent').describe('What a dry run assumes of every SMS step'),
      pins: z
        .stringbool()
        .default(false)
        .describe('In a dry run of the draft: pinned outputs stand in for their nodes'),
      steps: z
        .stringbool()
        .default(true)
        .describe('`false`: answers without the steps, which are many in long runs'),
    }),
    body: inputObject,
    response: run.partial({ steps: true }),
  }),
  listRuns: route({
    method: 'GET',
    path: '/api/runs',
    tag: 'Runs',
    summary: 'Lists runs, newest first',
    query: z.object({
      function: functionName.optional(),
      status: runStatus.optional(),
      before: z.string().max(40).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    response: z.array(runSummary),
  }),
  searchRuns: route({
    method: 'GET',
    path: '/api/runs/search',
    tag: 'Runs',
    summary:
      'Looks for runs, newest first, page by page. A page may hold less than was asked for and still have a `next`',
    query: runQuery,
    response: runPage,
  }),
  runGraph: route({
    method: 'GET',
    path: '/api/runs/{id}/graph',
    tag: 'Runs',
    summary: 'Reads the function as it was for this run',
    params: byId,
    response: graph,
  }),
  runAgain: route({
    method: 'POST',
    path: '/api/runs/{id}/again',
    tag: 'Runs',
    summary:
      'Starts the function of a run once more, with the same input: a new run that names the old one. An ' +
      '`Idempotency-Key` header makes repeating safe',
    params: byId,
    query: z.object({
      version: z
        .union([z.enum(['draft', 'published']), z.coerce.number().int().min(1)])
        .optional()
        .describe('As for the start of a run: the latest version, or the draft where none is published'),
      trigger: z.enum(['http', 'page', 'cli']).default('http').describe('Who asks, for the history'),
    }),
    response: run,
    status: 202,
  }),
  retryRun: route({
    method: 'POST',
    path: '/api/runs/{id}/retry',
    tag: 'Runs',
    summary:
      'Goes on with a failed or cancelled run at the step that failed, as a new run: steps that were completed are ' +
      'not executed again, and nobody whom the failed step has texted gets that text twice. Once for each run',
    params: byId,
    query: z.object({
      trigger: z.enum(['http', 'page', 'cli']).default('http').describe('Who asks, for the history'),
    }),
    response: run,
    status: 202,
  }),
  getRun: route({
    method: 'GET',
    path: '/api/runs/{id}',
    tag: 'Runs',
    summary: 'Reads a run with each step and each recipient',
    params: byId,
    response: run,
  }),
  runEvents: route({
    method: 'GET',
    path: '/api/runs/{id}/events',
    tag: 'Runs',
    summary:
      'Streams a run: first as it stands, then every change. With `deliveries` it goes on after the end with what ' +
      'receipts say of the messages',
    params: byId,
    query: z.object({ deliveries: z.stringbool().default(false) }),
    response: runEvent,
    stream: true,
  }),
  cancelRun: route({
    method: 'POST',
    path: '/api/runs/{id}/cancel',
    tag: 'Runs',
    summary: 'Stops a run: no further message leaves; what is on its way is still recorded',
    params: byId,
    response: run,
  }),
  resumeRun: route({
    method: 'POST',
    path: '/api/runs/{id}/resume',
    tag: 'Runs',
    summary:
      'Lets a run in quarantine go on from where it stands; a step that made the server end is tried again',
    params: byId,
    response: run,
  }),
  retryFailed: route({
    method: 'POST',
    path: '/api/runs/{id}/steps/{path}/retry-failed',
    tag: 'Runs',
    summary:
      'Sends the failed messages of a finished step again: those that certainly were not taken, and where the number ' +
      'and the text are not at fault. Answers once it is durable, and does not wait for a slow service; the run itself ' +
      'stays as it ended',
    params: byId.extend({ path: z.string().min(1).max(500) }),
    body: retryFailed,
    response: retryFailedResult,
    status: 202,
  }),

  xRaySmsStep: route({
    method: 'POST',
    path: '/api/sms-notifications/x-ray',
    tag: 'SMS notifications',
    summary: 'Shows who would get which text from an SMS step, and who would not and why; executes nothing',
    body: xRayRequest,
    bodyLimit: megabytes(6),
    response: xRay,
  }),
  testSend: route({
    method: 'POST',
    path: '/api/sms-notifications/test-send',
    tag: 'SMS notifications',
    summary:
      'Sends the text of an SMS step to one number: a real text, recorded as a run. Waits for its end up to `wait` ' +
      'seconds (200 with the run), else 202. An `Idempotency-Key` header makes repeating safe',
    query: z.object({ wait: z.coerce.number().min(0).max(25).default(20) }),
    body: testSendRequest,
    bodyLimit: megabytes(6),
    response: run,
  }),

  listMessages: route({
    method: 'GET',
    path: '/api/messages',
    tag: 'Messages',
    summary:
      'Lists messages, newest first. A search looks through a part of them for each request: ' +
      'go on with `next` until it is null',
    query: messageQuery,
    response: messagePage,
  }),
  countMessages: route({
    method: 'GET',
    path: '/api/messages/counts',
    tag: 'Messages',
    summary: 'Counts messages by state; ask again until `isComplete`',
    query: messageFilter,
    response: messageCountsAnswer,
  }),
  exportMessages: route({
    method: 'GET',
    path: '/api/messages/export.csv',
    tag: 'Messages',
    summary: 'Exports messages as CSV, newest first; its last line says so where it does not hold all',
    query: messageExport,
    response: z.string(),
    download: true,
  }),
  getMessage: route({
    method: 'GET',
    path: '/api/messages/{id}',
    tag: 'Messages',
    summary: 'Reads the whole life of one message: why it was planned, every attempt, every receipt',
    params: byId,
    response: messageDetail,
  }),

  listSmsServices: route({
    method: 'GET',
    path: '/api/sms-services',
    tag: 'SMS services',
    summary: 'Lists all SMS services',
    response: z.array(smsService),
  }),
  createSmsService: route({
    method: 'POST',
    path: '/api/sms-services',
    tag: 'SMS services',
    summary: 'Makes an SMS service',
    body: createSmsService,
    response: smsService,
    status: 201,
  }),
  getSmsService: route({
    method: 'GET',
    path: '/api/sms-services/{id}',
    tag: 'SMS services',
    summary: 'Reads a service; secrets only as "set" and their last four characters',
    params: byId,
    response: smsService,
  }),
  updateSmsService: route({
    method: 'PUT',
    path: '/api/sms-services/{id}',
    tag: 'SMS services',
    summary: 'Changes a service',
    params: byId,
    body: updateSmsService,
    response: smsService,
  }),
  deleteSmsService: route({
    method: 'DELETE',
    path: '/api/sms-services/{id}',
    tag: 'SMS services',
    summary: 'Deletes a service that no function uses',
    params: byId,
    response: null,
  }),
  smsServiceUsage: route({
    method: 'GET',
    path: '/api/sms-services/{id}/usage',
    tag: 'SMS services',
    summary: 'Lists the nodes that use a service',
    params: byId,
    response: z.array(usage),
  }),
  checkSmsService: route({
    method: 'POST',
    path: '/api/sms-services/{id}/check',
    tag: 'SMS services',
    summary: 'Asks the provider whether the credentials are good; texts nobody',
    params: byId,
    response: credentialsCheck,
  }),
  providerTemplate: route({
    method: 'GET',
    path: '/api/sms-services/{id}/templates/{code}',
    tag: 'SMS services',
    summary: 'Reads a template that is kept at the provider (Alibaba, Twilio)',
    params: byId.extend({ code: z.string().min(1).max(100) }),
    response: providerTemplate,
  }),

  listMessageTemplates: route({
    method: 'GET',
    path: '/api/message-templates',
    tag: 'Message templates',
    summary: 'Lists all message templates',
    response: z.array(messageTemplate),
  }),
  createMessageTemplate: route({
    method: 'POST',
    path: '/api/message-templates',
    tag: 'Message templates',
    summary: 'Makes a message template',
    body: createMessageTemplate,
    response: messageTemplate,
    status: 201,
  }),
  getMessageTemplate: route({
    method: 'GET',
    path: '/api/message-templates/{id}',
    tag: 'Message templates',
    summary: 'Reads a message template',
    params: byId,
    response: messageTemplate,
  }),
  updateMessageTemplate: route({
    method: 'PUT',
    path: '/api/message-templates/{id}',
    tag: 'Message templates',
    summary: 'Changes a message template; runs that were planned before keep the text they have',
    params: byId,
    body: updateMessageTemplate,
    response: messageTemplate,
  }),
  deleteMessageTemplate: route({
    method: 'DELETE',
    path: '/api/message-templates/{id}',
    tag: 'Message templates',
    summary: 'Deletes a message template that no function uses',
    params: byId,
    response: null,
  }),
  messageTemplateUsage: route({
    method: 'GET',
    path: '/api/message-templates/{id}/usage',
    tag: 'Message templates',
    summary: 'Lists the nodes that send a message template',
    params: byId,
    response: z.array(usage),
  }),

  listInbox: route({
    method: 'GET',
    path: '/api/inbox/{member}',
    tag: 'Inbox',
    summary: 'Lists what functions told a member: what is not read yet first, newest first',
    params: byMember,
    query: inboxQuery,
    response: inboxPage,
  }),
  countUnread: route({
    method: 'GET',
    path: '/api/inbox/{member}/unread',
    tag: 'Inbox',
    summary: 'Counts what a member has not read yet',
    params: byMember,
    response: inboxUnread,
  }),
  markInboxEntry: route({
    method: 'PUT',
    path: '/api/inbox/{member}/entries/{id}',
    tag: 'Inbox',
    summary: 'Marks an entry as read, or as not read',
    params: byInboxEntry,
    body: markInboxEntry,
    response: inboxEntry,
  }),
  markInboxRead: route({
    method: 'POST',
    path: '/api/inbox/{member}/read-all',
    tag: 'Inbox',
    summary: 'Marks everything in the inbox of a member as read',
    params: byMember,
    response: null,
  }),
  inboxEvents: route({
    method: 'GET',
    path: '/api/inbox/{member}/events',
    tag: 'Inbox',
    summary: 'Streams the number of unread entries of a member, then every change',
    params: byMember,
    response: inboxEvent,
    stream: true,
  }),

  listSecrets: route({
    method: 'GET',
    path: '/api/secrets',
    tag: 'Secrets',
    summary: 'Lists the secrets for HTTP requests, without their values',
    response: z.array(secret),
  }),
  createSecret: route({
    method: 'POST',
    path: '/api/secrets',
    tag: 'Secrets',
    summary: 'Keeps a secret for requests to the named hosts; it is never answered again',
    body: createSecret,
    response: secret,
    status: 201,
  }),
  replaceSecret: route({
    method: 'PUT',
    path: '/api/secrets/{name}',
    tag: 'Secrets',
    summary: 'Replaces the value and the hosts of a secret',
    params: bySecretName,
    body: replaceSecret,
    response: secret,
  }),
  deleteSecret: route({
    method: 'DELETE',
    path: '/api/secrets/{name}',
    tag: 'Secrets',
    summary: 'Deletes a secret that no function uses',
    params: bySecretName,
    response: null,
  }),
  secretUsage: route({
    method: 'GET',
    path: '/api/secrets/{name}/usage',
    tag: 'Secrets',
    summary: 'Lists the nodes that send a secret',
    params: bySecretName,
    response: z.array(usage),
  }),

  listMembers: route({
    method: 'GET',
    path: '/api/members',
    tag: 'Directory',
    summary: 'Searches members by name or number',
    query: memberQuery,
    response: memberPage,
  }),
  createMember: route({
    method: 'POST',
    path: '/api/members',
    tag: 'Directory',
    summary: 'Adds a member',
    body: writeMember,
    response: memberView,
    status: 201,
  }),
  updateMember: route({
    method: 'PUT',
    path: '/api/members/{id}',
    tag: 'Directory',
    summary: 'Changes a member',
    params: byId,
    body: writeMember,
    response: memberView,
  }),
  deleteMember: route({
    method: 'DELETE',
    path: '/api/members/{id}',
    tag: 'Directory',
    summary: 'Deletes a member',
    params: byId,
    response: null,
  }),
  importMembers: route({
    method: 'POST',
    path: '/api/members/import',
    tag: 'Directory',
    summary:
      'Imports members from CSV (id, name, phone, status, departments, email, locale, time zone, user name, ' +
      'external id); whole or not at all',
    query: z.object({
      dryRun: z.stringbool().default(false).describe('Only says what would happen'),
      revision: z
        .string()
        .max(100)
        .optional()
        .describe('Of the preview: refuses where the directory changed since'),
    }),
    bodyType: 'csv',
    bodyLimit: megabytes(20),
    body: z.string(),
    response: importResult,
  }),
  exportMembers: route({
    method: 'GET',
    path: '/api/members/export',
    tag: 'Directory',
    summary: 'Writes all members as CSV that the import takes back',
    response: z.string(),
    download: true,
  }),
  listDepartments: route({
    method: 'GET',
    path: '/api/departments',
    tag: 'Directory',
    summary: 'Lists all departments; the tree is in `parent`',
    response: z.array(
      department.extend({
        members: z.int().describe('Direct members'),
        membersBelow: z.int().describe('Members of it and of everything below, each counted once'),
      }),
    ),
  }),
  createDepartment: route({
    method: 'POST',
    path: '/api/departments',
    tag: 'Directory',
    summary: 'Adds a department',
    body: writeDepartment,
    response: department,
    status: 201,
  }),
  updateDepartment: route({
    method: 'PUT',
    path: '/api/departments/{id}',
    tag: 'Directory',
    summary: 'Renames or moves a department',
    params: byId,
    body: writeDepartment,
    response: department,
  }),
  deleteDepartment: route({
    method: 'DELETE',
    path: '/api/departments/{id}',
    tag: 'Directory',
    summary: 'Deletes a department without sub-departments; its members stay',
    params: byId,
    response: null,
  }),
  listOrganisationRoles: route({
    method: 'GET',
    path: '/api/organisation-roles',
    tag: 'Directory',
    summary: 'Lists all organisation roles',
    response: z.array(organisationRoleSummary),
  }),
  getOrganisationRole: route({
    method: 'GET',
    path: '/api/organisation-roles/{id}',
    tag: 'Directory',
    summary: 'Reads an organisation role with its members',
    params: byId,
    response: organisationRole,
  }),
  createOrganisationRole: route({
    method: 'POST',
    path: '/api/organisation-roles',
    tag: 'Directory',
    summary: 'Adds an organisation role',
    body: writeOrganisationRole,
    bodyLimit: megabytes(5),
    response: organisationRole,
    status: 201,
  }),
  updateOrganisationRole: route({
    method: 'PUT',
    path: '/api/organisation-roles/{id}',
    tag: 'Directory',
    summary: 'Changes an organisation role',
    params: byId,
    body: writeOrganisationRole,
    bodyLimit: megabytes(5),
    response: organisationRole,
  }),
  deleteOrganisationRole: route({
    method: 'DELETE',
    path: '/api/organisation-roles/{id}',
    tag: 'Directory',
    summary: 'Deletes an organisation role; its members stay',
    params: byId,
    response: null,
  }),
  listRoles: route({
    method: 'GET',
    path: '/api/roles',
    tag: 'Directory',
    summary: 'Lists all application roles',
    response: z.array(role),
  }),
  createRole: route({
    method: 'POST',
    path: '/api/roles',
    tag: 'Directory',
    summary: 'Adds an application role',
    body: writeRole,
    response: role,
    status: 201,
  }),
  updateRole: route({
    method: 'PUT',
    path: '/api/roles/{id}',
    tag: 'Directory',
    summary: 'Changes an application role',
    params: byId,
    body: writeRole,
    response: role,
  }),
  deleteRole: route({
    method: 'DELETE',
    path: '/api/roles/{id}',
    tag: 'Directory',
    summary: 'Deletes an application role',
    params: byId,
    response: null,
  }),

  organisation: route({
    method: 'GET',
    path: '/api/organisation',
    tag: 'Directory',
    summary: 'Reads the settings of the organisation',
    response: organisation,
  }),
  updateOrganisation: route({
    method: 'PUT',
    path: '/api/organisation',
    tag: 'Directory',
    summary:
      'Changes the country of numbers without country code, and the time zone and language of people without any',
    body: organisation,
    response: organisation,
  }),

  twilioStatus: route({
    method: 'POST',
    path: '/callbacks/twilio/status',
    tag: 'Callbacks',
    summary: 'What became of a text, signed by Twilio',
    query: z.object({ token: z.string().max(100).optional().describe('Our id of the text') }),
    bodyType: 'form',
    body: twilioForm,
    response: null,
    open: true,
    fromProvider: true,
  }),
  twilioInbound: route({
    method: 'POST',
    path: '/callbacks/twilio/inbound',
    tag: 'Callbacks',
    summary: 'An answer from a phone, signed by Twilio',
    bodyType: 'form',
    body: twilioForm,
    response: null,
    open: true,
    fromProvider: true,
  }),
  alibabaReport: route({
    method: 'POST',
    path: '/callbacks/alibaba/{secret}/report',
    tag: 'Callbacks',
    summary: 'What became of texts (SmsReport of Alibaba Cloud)',
    params: bySecret,
    body: alibabaReports,
    response: alibabaReply,
    open: true,
    fromProvider: true,
  }),
  alibabaUp: route({
    method: 'POST',
    path: '/callbacks/alibaba/{secret}/up',
    tag: 'Callbacks',
    summary: 'Answers from phones (SmsUp of Alibaba Cloud)',
    params: bySecret,
    body: alibabaAnswers,
    response: alibabaReply,
    open: true,
    fromProvider: true,
  }),

  serverSettings: route({
    method: 'GET',
    path: '/api/settings',
    tag: 'Server',
    summary: 'Reads the settings of the server',
    response: serverSettings,
  }),
  writeServerSettings: route({
    method: 'PUT',
    path: '/api/settings',
    tag: 'Server',
    summary: 'Changes the settings of the server',
    body: writeServerSettings,
    response: serverSettings,
  }),
  callbackAddresses: route({
    method: 'GET',
    path: '/api/sms-services/{id}/callbacks',
    tag: 'SMS services',
    summary: 'Lists where the provider of a service reports to; none without a public URL',
    params: byId,
    response: z.array(callbackAddress),
  }),

  listUnknownMessages: route({
    method: 'GET',
    path: '/api/unknown-messages',
    tag: 'Messages',
    summary: 'Lists messages that nobody knows the outcome of, newest first, with what is done about each',
    query: z.object({
      before: z.string().max(100).optional().describe('The id of the last one of the page before'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    response: z.array(unknownMessage),
  }),
  getUnknownMessage: route({
    method: 'GET',
    path: '/api/unknown-messages/{id}',
    tag: 'Messages',
    summary: 'Reads one message that nobody knows the outcome of, with what is done about it',
    params: byId,
    response: unknownMessage,
  }),
  resolveUnknownMessage: route({
    method: 'POST',
    path: '/api/messages/{id}/resolve',
    tag: 'Messages',
    summary: 'Says what became of an unknown message, or sends it again, which may text the person twice',
    params: byId,
    body: resolveMessage,
    response: messageReport,
  }),

  listOptOuts: route({
    method: 'GET',
    path: '/api/opt-outs',
    tag: 'Opt-outs',
    summary: 'Lists who wants no texts, newest first, lifted ones included',
    response: z.array(optOut),
  }),
  addOptOut: route({
    method: 'POST',
    path: '/api/opt-outs',
    tag: 'Opt-outs',
    summary: 'Holds back texts to a number, from one service or from all',
    body: addOptOut,
    response: optOut,
    status: 201,
  }),
  liftOptOut: route({
    method: 'POST',
    path: '/api/opt-outs/lift',
    tag: 'Opt-outs',
    summary: 'Lets texts to a number leave again',
    body: liftOptOut,
    response: null,
  }),
  listScimTokens: route({
    method: 'GET',
    path: '/api/scim-tokens',
    tag: 'Directory',
    summary: 'Lists the tokens of identity providers',
    response: z.array(scimToken),
  }),
  createScimToken: route({
    method: 'POST',
    path: '/api/scim-tokens',
    tag: 'Directory',
    summary: 'Makes a token for an identity provider; it is answered this once',
    body: createScimToken,
    response: createdScimToken,
    status: 201,
  }),
  revokeScimToken: route({
    method: 'DELETE',
    path: '/api/scim-tokens/{id}',
    tag: 'Directory',
    summary: 'Revokes a token: whoever shows it is refused from now on',
    params: byId,
    response: null,
  }),
  ...accountRoutes,
  ...credentialRoutes,
  ...approvalRoutes,
  ...auditRoutes,
  ...restorationRoutes,
  ...metricsRoutes,
  ...tokenRoutes,
  ...scimRoutes,
  ...tryItRoutes,

  sandbox: route({
    method: 'GET',
    path: '/api/sandbox',
    tag: 'Sandbox',
    summary: 'Says where the emulators listen and what makes a service use them',
    response: sandboxInfo,
  }),
  sandboxMessages: route({
    method: 'GET',
    path: '/api/sandbox/messages',
    tag: 'Sandbox',
    summary: 'Lists the texts on the sandbox phones, newest first',
    query: z.object({ limit: z.coerce.number().int().min(1).max(5_000).default(1_000) }),
    response: z.array(sandboxMessage),
  }),
  sandboxEvents: route({
    method: 'GET',
    path: '/api/sandbox/events',
    tag: 'Sandbox',
    summary: 'Streams each text as it reaches a sandbox phone',
    response: sandboxMessage,
    stream: true,
  }),
  clearSandbox: route({
    method: 'DELETE',
    path: '/api/sandbox/messages',
    tag: 'Sandbox',
    summary: 'Empties the sandbox phones',
    response: null,
  }),
  setSandboxFault: route({
    method: 'POST',
    path: '/api/sandbox/faults',
    tag: 'Sandbox',
    summary: 'Makes an emulator fail its next requests on purpose',
    body: setSandboxFault,
    response: sandboxInfo,
  }),
  setSandboxReceipts: route({
    method: 'POST',
    path: '/api/sandbox/receipts',
    tag: 'Sandbox',
    summary: 'Says what becomes of further texts to a number, and how their receipts come',
    body: sandboxReceipts,
    response: sandboxInfo,
  }),
  answerInSandbox: route({
    method: 'POST',
    path: '/api/sandbox/answers',
    tag: 'Sandbox',
    summary: 'Answers the last text on a sandbox phone, for example with STOP',
    body: sandboxAnswer,
    response: null,
  }),
} as const
export type Routes = typeof routes
export type RouteName = keyof Routes

/** RFC 9457 problem document: the body of every error answer. */
export const problemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('Stable, one of the codes in the documentation'),
  detail: z.string(),
  hint: z.string().optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  path: z.string().optional().describe('The place in the body or file'),
  fields: z.array(z.object({ path: z.string(), message: z.string(), key: z.string().optional() })).optional(),
})
export type ProblemDocument = z.infer<typeof problemDocument>
