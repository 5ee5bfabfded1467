import type { RouteName } from './routes.ts'

/**
 * What an account may do. `administrator`: everything. `author`: functions, templates and what they need. `operator`:
 * runs, messages and what keeps them going. `viewer`: looks at all of that. `member`: the own inbox and account alone.
 */
export const accountRoles = ['administrator', 'author', 'operator', 'viewer', 'member'] as const
export type AccountRole = (typeof accountRoles)[number]

/**
 * What a route asks for. `run`: starts functions. `people`: reads the directory with its numbers. `own`: of a member, where
 * `{member}` of the address is that member or is not there.
 * `tokens`: makes tokens for programs, which may do no more than their owner, and no token may do that.
 */
export type Right =
  'administer' | 'author' | 'operate' | 'run' | 'people' | 'view' | 'tokens' | 'own' | 'open'

/** What a token for programs may be allowed to do. Nothing of a person's own, and no tokens. */
export const tokenScopes = [
  'view',
  'people',
  'run',
  'operate',
  'author',
  'administer',
] as const satisfies Right[]
export type TokenScope = (typeof tokenScopes)[number]

const granted: Record<AccountRole, readonly Right[]> = {
  administrator: ['administer', 'author', 'operate', 'run', 'people', 'view', 'tokens', 'own', 'open'],
  author: ['author', 'run', 'people', 'view', 'tokens', 'own', 'open'],
  operator: ['operate', 'run', 'people', 'view', 'tokens', 'own', 'open'],
  viewer: ['view', 'own', 'open'],
  member: ['own', 'open'],
}

export function mayDo(role: AccountRole, right: Right): boolean {
  return granted[role].includes(right)
}

/**
 * The one table of who may call what; a route that is missing here does not compile. `open`: the route itself looks at
 * who asks, or is for everybody.
 */
export const rights = {
  health: 'open',
  openSession: 'open',
  signInOptions: 'open',
  askForCode: 'open',
  checkCode: 'open',
  chooseAccount: 'open',
  registerAccount: 'open',
  callHook: 'open',
  twilioStatus: 'open',
  twilioInbound: 'open',
  alibabaReport: 'open',
  alibabaUp: 'open',
  scimConfig: 'open',
  scimResourceTypes: 'open',
  scimResourceType: 'open',
  scimSchemas: 'open',
  scimSchema: 'open',
  scimUsers: 'open',
  createScimUser: 'open',
  scimUser: 'open',
  replaceScimUser: 'open',
  patchScimUser: 'open',
  deleteScimUser: 'open',
  scimGroups: 'open',
  createScimGroup: 'open',
  scimGroup: 'open',
  replaceScimGroup: 'open',
  patchScimGroup: 'open',
  deleteScimGroup: 'open',

  session: 'own',
  closeSession: 'own',
  ownAccount: 'own',
  ownSessions: 'own',
  endOwnSession: 'own',
  proveOwnPhone: 'own',
  checkOwnPhone: 'own',
  askForNewPhone: 'own',
  changePhone: 'own',
  removePhone: 'own',
  listInbox: 'own',
  countUnread: 'own',
  markInboxEntry: 'own',
  markInboxRead: 'own',
  inboxEvents: 'own',

  listApiTokens: 'tokens',
  createApiToken: 'tokens',
  revokeApiToken: 'tokens',

  listFunctions: 'view',
  getFunction: 'view',
  listFunctionVersions: 'view',
  getFunctionVersion: 'view',
  exportFunction: 'view',
  readFunctionText: 'view',
  listTriggers: 'view',
  triggerLog: 'view',
  nextTimes: 'view',
  listHolidays: 'view',
  listRuns: 'view',
  searchRuns: 'view',
  runGraph: 'view',
  getRun: 'view',
  runEvents: 'view',
  listMessages: 'view',
  countMessages: 'view',
  getMessage: 'view',
  listSmsServices: 'view',
  getSmsService: 'view',
  smsServiceUsage: 'view',
  listMessageTemplates: 'view',
  getMessageTemplate: 'view',
  messageTemplateUsage: 'view',
  listDepartments: 'view',
  listOrganisationRoles: 'view',
  listRoles: 'view',
  organisation: 'view',
  serverSettings: 'view',
  listUnknownMessages: 'view',
  getUnknownMessage: 'view',
  sandbox: 'view',
  listLoginMethods: 'view',
  getLoginMethod: 'view',

  listMembers: 'people',
  getOrganisationRole: 'people',
  listOptOuts: 'people',
  xRaySmsStep: 'people',

  startRun: 'run',
  runAgain: 'run',
  fireEvent: 'run',

  createFunction: 'author',
  saveFunction: 'author',
  publishFunction: 'author',
  readFunctionFile: 'author',
  deleteFunction: 'author',
  createTrigger: 'author',
  updateTrigger: 'author',
  switchTrigger: 'author',
  renewTriggerProof: 'author',
  deleteTrigger: 'author',
  replaceHolidays: 'author',
  testSend: 'author',
  providerTemplate: 'author',
  createMessageTemplate: 'author',
  updateMessageTemplate: 'author',
  deleteMessageTemplate: 'author',
  listSecrets: 'author',
  secretUsage: 'author',
  getTryItData: 'author',
  changeTryItData: 'author',
  startDebug: 'author',
  debugEvents: 'author',
  debugCommand: 'author',
  tryNode: 'author',
  replayFunction: 'author',

  retryRun: 'operate',
  cancelRun: 'operate',
  resumeRun: 'operate',
  retryFailed: 'operate',
  exportMessages: 'operate',
  checkSmsService: 'operate',
  resolveUnknownMessage: 'operate',
  addOptOut: 'operate',
  liftOptOut: 'operate',

  createSmsService: 'administer',
  updateSmsService: 'administer',
  deleteSmsService: 'administer',
  createSecret: 'administer',
  replaceSecret: 'administer',
  deleteSecret: 'administer',
  createMember: 'administer',
  updateMember: 'administer',
  deleteMember: 'administer',
  importMembers: 'administer',
  exportMembers: 'administer',
  createDepartment: 'administer',
  updateDepartment: 'administer',
  deleteDepartment: 'administer',
  createOrganisationRole: 'administer',
  updateOrganisationRole: 'administer',
  deleteOrganisationRole: 'administer',
  createRole: 'administer',
  updateRole: 'administer',
  deleteRole: 'administer',
  updateOrganisation: 'administer',
  writeServerSettings: 'administer',
  callbackAddresses: 'administer',
  listScimTokens: 'administer',
  createScimToken: 'administer',
  revokeScimToken: 'administer',
  sandboxMessages: 'administer',
  sandboxEvents: 'administer',
  clearSandbox: 'administer',
  setSandboxFault: 'administer',
  setSandboxReceipts: 'administer',
  answerInSandbox: 'administer',
  createLoginMethod: 'administer',
  updateLoginMethod: 'administer',
  deleteLoginMethod: 'administer',
  loginMethodSummary: 'administer',
  listAccounts: 'administer',
  setAccountRole: 'administer',
  endSessions: 'administer',
  listAudit: 'administer',
  checkAudit: 'administer',
  exportAudit: 'administer',
} as const satisfies Record<RouteName, Right>
