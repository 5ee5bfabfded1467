import { z } from 'zod'
import { directoryId } from '../directory/schema.ts'
import { loginMethod, mobileLoginSettings } from '../login/mobile-login.ts'
import { accountRoles } from './rights.ts'
import { route } from './route.ts'

export const accountRole = z.enum(accountRoles)

/** Whom a code, or a choice after it, lets in. */
export const signedIn = z.object({ state: z.literal('signed-in'), name: z.string() })
export const person = z.object({ member: directoryId, name: z.string() })
export const codeAnswer = z.discriminatedUnion('state', [
  signedIn,
  /** People share the number: one of them is chosen. */
  z.object({ state: z.literal('choose'), ticket: z.string(), people: z.array(person) }),
  /** The number belongs to nobody and may become a new member. */
  z.object({ state: z.literal('register'), ticket: z.string() }),
])
export type CodeAnswer = z.infer<typeof codeAnswer>

export const askedForCode = z.object({
  challenge: z.string().describe('Names the code when it is typed in'),
  expiresInSeconds: z.int(),
  resendInSeconds: z.int().describe('Until the same number may ask again'),
})
export type AskedForCode = z.infer<typeof askedForCode>

export const signInOptions = z.object({
  methods: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      countries: z.array(z.string()).describe('Countries and calling codes that get codes'),
      allowRegistration: z.boolean(),
    }),
  ),
  country: z.string().describe('Of numbers without a country code'),
  password: z.boolean().describe('Whether anybody has a password'),
  passkeys: z.boolean().describe('Whether anybody has a passkey'),
})
export type SignInOptions = z.infer<typeof signInOptions>

export const ownAccount = z.object({
  role: accountRole,
  /** Null: the one who came in by the start link or the access token. */
  member: person.nullable(),
  phone: z.string().describe('Masked; empty: none'),
})
export type OwnAccount = z.infer<typeof ownAccount>

export const openSession = z.object({
  id: z.string(),
  device: z.string().describe('`Firefox · Windows`; empty where it is not known'),
  since: z.string(),
  current: z.boolean(),
})
export type OpenSession = z.infer<typeof openSession>

export const account = person.extend({
  role: accountRole,
  phone: z.string().describe('Masked; empty: none'),
  sessions: z.int().describe('Browsers in which the member is signed in'),
  hasPassword: z.boolean(),
  passkeys: z.int(),
  hasSecondFactor: z.boolean().describe('Codes of an app are asked for after the password'),
})
export type Account = z.infer<typeof account>

export const methodSummary = z.object({
  asked: z.int().describe('Codes that were asked for in the last 24 hours'),
  texted: z.int().describe('Those to numbers that may get in'),
  used: z.int().describe('Those that were typed in rightly'),
})
export type MethodSummary = z.infer<typeof methodSummary>

const byId = z.object({ id: z.string().min(1).max(100) })
const byMember = z.object({ member: directoryId })
const challenge = z.string().min(1).max(100)
const ticket = z.string().min(1).max(100)
/** Full-width digits and spaces are what phones and people make of a code. */
export const typedDigits = z
  .string()
  .max(40)
  .transform((text) => text.normalize('NFKC').replace(/[\s-]/g, ''))
const phone = z.string().trim().min(1).max(50)
const typedCode = z.strictObject({ challenge, code: typedDigits })

const signIn = { tag: 'Sign-in', open: true } as const

/** Signing in by a code on the phone, the own account, and who may do what. */
export const accountRoutes = {
  signInOptions: route({
    ...signIn,
    method: 'GET',
    path: '/auth/options',
    summary: 'Lists the ways to sign in',
    response: signInOptions,
  }),
  askForCode: route({
    ...signIn,
    method: 'POST',
    path: '/auth/sms/request',
    summary: 'Texts a code to a number that may get in; every other number gets the same answer',
    body: z.strictObject({
      method: z.string().min(1).max(100),
      phone,
      proof: z.string().max(10_000).optional().describe('For the host’s own check that a person asks'),
    }),
    response: askedForCode,
  }),
  checkCode: route({
    ...signIn,
    method: 'POST',
    path: '/auth/sms/verify',
    summary: 'Signs in by a code, or says what is left to choose',
    body: typedCode,
    response: codeAnswer,
  }),
  chooseAccount: route({
    ...signIn,
    method: 'POST',
    path: '/auth/sms/choose',
    summary: 'Signs in as one of the people who share a number',
    body: z.strictObject({ ticket, member: directoryId }),
    response: signedIn,
  }),
  registerAccount: route({
    ...signIn,
    method: 'POST',
    path: '/auth/sms/register',
    summary: 'Becomes a member of the directory with a proven number, and signs in',
    body: z.strictObject({ ticket, name: z.string().trim().min(1).max(200) }),
    response: signedIn,
  }),

  ownAccount: route({
    method: 'GET',
    path: '/api/account',
    tag: 'Account',
    summary: 'Says who is signed in and what the account may do',
    response: ownAccount,
  }),
  ownSessions: route({
    method: 'GET',
    path: '/api/account/sessions',
    tag: 'Account',
    summary: 'Lists the browsers in which one is signed in',
    response: z.array(openSession),
  }),
  endOwnSession: route({
    method: 'DELETE',
    path: '/api/account/sessions/{id}',
    tag: 'Account',
    summary: 'Signs out in another browser',
    params: byId,
    response: null,
  }),
  proveOwnPhone: route({
    method: 'POST',
    path: '/api/account/phone/prove',
    tag: 'Account',
    summary: 'Texts a code to the own number, before it is changed or removed',
    body: z.strictObject({ method: z.string().min(1).max(100) }),
    response: askedForCode,
  }),
  checkOwnPhone: route({
    method: 'POST',
    path: '/api/account/phone/verify',
    tag: 'Account',
    summary: 'Answers a right code of the own number with a ticket for the next step',
    body: typedCode,
    response: z.object({ ticket: z.string() }),
  }),
  askForNewPhone: route({
    method: 'POST',
    path: '/api/account/phone/new',
    tag: 'Account',
    summary: 'Texts a code to the number that becomes the own one; needs a ticket where there is one already',
    body: z.strictObject({ method: z.string().min(1).max(100), phone, ticket: ticket.optional() }),
    response: askedForCode,
  }),
  changePhone: route({
    method: 'POST',
    path: '/api/account/phone/confirm',
    tag: 'Account',
    summary: 'Makes the new number the own one; other browsers are signed out',
    body: typedCode,
    response: ownAccount,
  }),
  removePhone: route({
    method: 'POST',
    path: '/api/account/phone/remove',
    tag: 'Account',
    summary: 'Takes the own number out of the directory',
    body: z.strictObject({ ticket }),
    response: ownAccount,
  }),

  listLoginMethods: route({
    method: 'GET',
    path: '/api/login-methods',
    tag: 'Login methods',
    summary: 'Lists all login methods',
    response: z.array(loginMethod),
  }),
  createLoginMethod: route({
    method: 'POST',
    path: '/api/login-methods',
    tag: 'Login methods',
    summary: 'Makes a login method: Mobile login',
    body: mobileLoginSettings,
    response: loginMethod,
    status: 201,
  }),
  getLoginMethod: route({
    method: 'GET',
    path: '/api/login-methods/{id}',
    tag: 'Login methods',
    summary: 'Reads a login method',
    params: byId,
    response: loginMethod,
  }),
  updateLoginMethod: route({
    method: 'PUT',
    path: '/api/login-methods/{id}',
    tag: 'Login methods',
    summary: 'Changes a login method',
    params: byId,
    body: mobileLoginSettings.extend({ revision: z.int() }),
    response: loginMethod,
  }),
  deleteLoginMethod: route({
    method: 'DELETE',
    path: '/api/login-methods/{id}',
    tag: 'Login methods',
    summary: 'Deletes a login method: nobody gets in by it any more',
    params: byId,
    response: null,
  }),
  loginMethodSummary: route({
    method: 'GET',
    path: '/api/login-methods/{id}/summary',
    tag: 'Login methods',
    summary: 'Counts the codes of the last 24 hours',
    params: byId,
    response: methodSummary,
  }),

  listAccounts: route({
    method: 'GET',
    path: '/api/accounts',
    tag: 'Accounts',
    summary:
      'Lists members who may do more than read their inbox, those who are signed in, and those with a password or passkey',
    response: z.array(account),
  }),
  setAccountRole: route({
    method: 'PUT',
    path: '/api/accounts/{member}',
    tag: 'Accounts',
    summary: 'Says what a member may do; no member becomes an administrator',
    params: byMember,
    body: z.strictObject({ role: accountRole.exclude(['administrator']) }),
    response: account,
  }),
  endSessions: route({
    method: 'DELETE',
    path: '/api/accounts/{member}/sessions',
    tag: 'Accounts',
    summary: 'Signs a member out everywhere',
    params: byMember,
    response: null,
  }),
}
