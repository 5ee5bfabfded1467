import type { AuditThing, AuditVerb, NewDetail } from '../../nodes/api/audit.ts'
import type { RouteName, Routes } from '../../nodes/api/routes.ts'
import { maskPhone } from '../../nodes/messages.ts'
import type { HandlerRequest } from '../server/handler.ts'

export interface Audited<N extends RouteName> {
  what: `${AuditThing} ${AuditVerb}`
  /**
   * `with` (unless said otherwise): in the transaction of the change itself. `before`: the handler waits for something, so
   * that it is written down as asked for, and once more where it was refused. `after`: once it is done.
   */
  when?: 'before' | 'after'
  /** False: this request does nothing that counts. */
  if?: (request: HandlerRequest<N>) => boolean
  detail?: (request: HandlerRequest<N>) => NewDetail
  /** At most one entry for a person and a target in this time: a draft saves itself as it is drawn. */
  everyMinutes?: number
}

type Changing = {
  [N in RouteName]: Routes[N]['method'] extends 'GET' ? never : N
}[RouteName]
type Table = { [N in Changing]: Audited<N> | null } & {
  [N in Exclude<RouteName, Changing>]?: Audited<N>
}

/**
 * What of each route goes into the audit log: a route that changes something and is missing here does not compile.
 * `null`: it changes nothing that outlasts it, concerns the caller's own reading alone, is recorded as a run, or its handler
 * writes the entry itself (everything about signing in).
 */
export const audited: Table = {
  openSession: null,
  closeSession: { what: 'session sign-out' },
  askForCode: null,
  checkCode: null,
  chooseAccount: null,
  registerAccount: null,
  signInByPassword: null,
  setOwnPassword: null,
  removeOwnPassword: null,
  signInBySecondFactor: null,
  beginPasskeySignIn: null,
  signInByPasskey: null,
  beginPasskey: null,
  addPasskey: null,
  renamePasskey: { what: 'account change', detail: () => ({ field: 'passkey' }) },
  removePasskey: { what: 'account change', detail: () => ({ field: 'passkey', removed: true }) },
  beginSecondFactor: null,
  confirmSecondFactor: null,
  removeOwnSecondFactor: null,
  endOwnSession: { what: 'session end' },
  proveOwnPhone: null,
  checkOwnPhone: null,
  askForNewPhone: null,
  changePhone: { what: 'account change', when: 'after', detail: () => ({ field: 'phone' }) },
  removePhone: { what: 'account change', when: 'after', detail: () => ({ field: 'phone', removed: true }) },

  createLoginMethod: { what: 'login-method create' },
  updateLoginMethod: { what: 'login-method change' },
  deleteLoginMethod: { what: 'login-method delete' },
  setAccountRole: { what: 'account change', detail: ({ body }) => ({ role: body.role }) },
  removePasskeys: { what: 'account change', detail: () => ({ field: 'passkey', removed: true, all: true }) },
  removeSecondFactor: {
    what: 'account change',
    detail: () => ({ field: 'second factor', removed: true }),
  },
  removePassword: { what: 'account change', detail: () => ({ field: 'password', removed: true }) },
  endSessions: { what: 'session end', detail: () => ({ all: true }) },

  createFunction: { what: 'function create' },
  saveFunction: { what: 'function change', everyMinutes: 10 },
  publishFunction: { what: 'function publish', detail: ({ body }) => ({ revision: body.revision }) },
  readFunctionFile: null,
  exportFunction: { what: 'function export', when: 'before' },
  deleteFunction: { what: 'function delete' },
  changeTryItData: null,
  startDebug: null,
  debugCommand: null,
  tryNode: null,
  replayFunction: null,
  xRaySmsStep: null,

  createTrigger: { what: 'trigger create' },
  updateTrigger: { what: 'trigger change' },
  switchTrigger: { what: 'trigger switch', detail: ({ body }) => ({ on: body.isOn }) },
  renewTriggerProof: { what: 'trigger renew' },
  deleteTrigger: { what: 'trigger delete' },
  nextTimes: null,
  replaceHolidays: { what: 'holidays change' },
  fireEvent: { what: 'trigger fire', when: 'before', if: byHand },
  callHook: null,

  startRun: {
    what: 'run start',
    when: 'before',
    if: (request) => byHand(request) && !request.query.dryRun,
  },
  testSend: {
    what: 'message test-send',
    when: 'before',
    detail: ({ body }) => ({ phone: maskPhone(body.phone), function: body.function ?? '' }),
  },
  runAgain: { what: 'run again', when: 'before' },
  retryRun: { what: 'run retry', when: 'before' },
  cancelRun: { what: 'run cancel', when: 'before' },
  resumeRun: { what: 'run resume', when: 'before' },
  resumeRestored: { what: 'run resume', when: 'before', detail: () => ({ restored: true }) },
  retryFailed: {
    what: 'message retry',
    when: 'before',
    detail: ({ body, params }) => ({ step: params.path, unknown: body.unknown }),
  },
  resolveUnknownMessage: {
    what: 'message resolve',
    when: 'before',
    detail: ({ body }) => ({ as: body.as }),
  },
  exportMessages: {
    what: 'message export',
    when: 'before',
    detail: ({ query }) => ({ numbers: query.numbers }),
  },
  addOptOut: {
    what: 'opt-out create',
    when: 'before',
    detail: ({ body }) => ({ phone: maskPhone(body.phone) }),
  },
  liftOptOut: {
    what: 'opt-out lift',
    when: 'before',
    detail: ({ body }) => ({ phone: maskPhone(body.phone) }),
  },
  saveRequestDraft: null,
  deleteRequestDraft: null,
  initiateRequest: { what: 'request start', when: 'before' },
  decideTask: { what: 'request decide', when: 'before', detail: ({ body }) => ({ action: body.action }) },
  // the link itself is never written down
  useDecideLink: {
    what: 'request decide',
    when: 'before',
    detail: ({ body }) => ({ action: body.action, way: 'link' }),
  },
  revokeRequest: { what: 'request revoke', when: 'before' },
  resubmitRequest: { what: 'request again', when: 'before' },
  urgeRequest: { what: 'request urge', when: 'before' },
  createDelegation: { what: 'delegation create' },
  deleteDelegation: { what: 'delegation delete' },
  reassignStep: { what: 'request reassign', when: 'before' },
  cancelRequest: { what: 'request cancel', when: 'before' },
  textAgain: { what: 'message again', when: 'before' },
  markInboxEntry: null,
  markInboxRead: null,

  createSmsService: { what: 'sms-service create', detail: ({ body }) => ({ provider: body.provider }) },
  updateSmsService: { what: 'sms-service change' },
  deleteSmsService: { what: 'sms-service delete' },
  checkSmsService: null,
  createMessageTemplate: { what: 'message-template create' },
  updateMessageTemplate: { what: 'message-template change' },
  deleteMessageTemplate: { what: 'message-template delete' },
  createSecret: { what: 'secret create' },
  replaceSecret: { what: 'secret change' },
  deleteSecret: { what: 'secret delete' },

  createMember: { what: 'member create' },
  updateMember: { what: 'member change' },
  deleteMember: { what: 'member delete' },
  importMembers: { what: 'member import', when: 'before', if: ({ query }) => !query.dryRun },
  exportMembers: { what: 'member export', when: 'before' },
  createDepartment: { what: 'department create' },
  updateDepartment: { what: 'department change' },
  deleteDepartment: { what: 'department delete' },
  createOrganisationRole: { what: 'organisation-role create' },
  updateOrganisationRole: { what: 'organisation-role change' },
  deleteOrganisationRole: { what: 'organisation-role delete' },
  createRole: { what: 'role create' },
  updateRole: { what: 'role change' },
  deleteRole: { what: 'role delete' },
  updateOrganisation: { what: 'organisation change' },
  createScimUser: { what: 'member create' },
  replaceScimUser: { what: 'member change' },
  patchScimUser: { what: 'member change' },
  deleteScimUser: { what: 'member delete' },
  createScimGroup: { what: 'organisation-role create' },
  replaceScimGroup: { what: 'organisation-role change' },
  patchScimGroup: { what: 'organisation-role change' },
  deleteScimGroup: { what: 'organisation-role delete' },
  createScimToken: { what: 'token create', detail: () => ({ for: 'scim' }) },
  revokeScimToken: { what: 'token delete', detail: () => ({ for: 'scim' }) },

  createApiToken: {
    what: 'token create',
    detail: ({ body }) => ({ scopes: body.scopes.join(', '), days: body.expiresInDays ?? 'ever' }),
  },
  revokeApiToken: { what: 'token delete' },

  writeServerSettings: {
    what: 'settings change',
    detail: ({ body: { retentionDays, auditDays, ...others } }) => ({
      ...(retentionDays !== undefined && { retentionDays: retentionDays ?? 'ever' }),
      ...(auditDays !== undefined && { auditDays: auditDays ?? 'ever' }),
      ...(Object.keys(others).length > 0 && { fields: Object.keys(others).join(', ') }),
    }),
  },
  exportAudit: { what: 'audit export', when: 'before' },

  twilioStatus: null,
  twilioInbound: null,
  alibabaReport: null,
  alibabaUp: null,
  clearSandbox: null,
  setSandboxFault: null,
  setSandboxReceipts: null,
  answerInSandbox: null,
}

/** Programs start runs in masses, and each run says so itself: what people start is written down. */
function byHand({ caller }: { caller: string }): boolean {
  return caller === 'page'
}
