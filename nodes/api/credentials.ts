import { z } from 'zod'
import { directoryId } from '../directory/schema.ts'
import { newPassword, signInName, typedPassword } from '../login/password.ts'
import { signedIn, typedDigits } from './accounts.ts'
import { route } from './route.ts'

export const passkey = z.object({
  id: z.string(),
  name: z.string(),
  domain: z.string().describe('The name of this server for which it was made'),
  created: z.string(),
  used: z.string().nullable().describe('Null: not yet'),
})
export type Passkey = z.infer<typeof passkey>

/** By what one gets in, beside codes by text message. */
export const ownCredentials = z.object({
  password: z
    .object({ name: z.string().describe('By which one signs in'), changed: z.string() })
    .nullable()
    .describe('Null: none'),
  secondFactor: z
    .object({ since: z.string(), recoveryCodes: z.int().describe('Those that are not used yet') })
    .nullable()
    .describe('Null: no code of an app is asked for'),
  passkeys: z.array(passkey),
  suggestedName: z.string().describe('For the first password: the own name, where it is free to be used'),
  asksPresent: z
    .boolean()
    .describe(
      'False: there is no password yet, or an administrator came by the start link or the access token',
    ),
})
export type OwnCredentials = z.infer<typeof ownCredentials>

export const passwordAnswer = z.discriminatedUnion('state', [
  signedIn,
  /** The password is right, and a code of the app is asked for. */
  z.object({ state: z.literal('second-factor'), ticket: z.string() }),
])

const present = typedPassword.optional().describe('The present password, where there is one')

const passkeyName = z.string().trim().min(1).max(100)
const passkeyOptions = z.looseObject({ challenge: z.string() }).describe('As WebAuthn defines it, in JSON')
/** What a browser answers, as WebAuthn Level 3 writes it in JSON; the signature in it is checked by the handler. */
const passkeyResponse = z.looseObject({
  id: z.base64url().min(1).max(1_500),
  rawId: z.base64url().min(1).max(1_500),
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: z.base64url().max(10_000) }),
  clientExtensionResults: z.looseObject({}).default({}),
})
const byId = z.object({ id: z.string().min(1).max(100) })

/** Signing in by a password or a passkey, and what of it belongs to the own account. */
export const credentialRoutes = {
  signInByPassword: route({
    tag: 'Sign-in',
    open: true,
    method: 'POST',
    path: '/auth/password',
    summary: 'Signs in by name or phone number and password',
    body: z.strictObject({
      name: z.string().trim().min(1).max(200).describe('Sign-in name or phone number'),
      password: typedPassword,
    }),
    response: passwordAnswer,
  }),
  signInBySecondFactor: route({
    tag: 'Sign-in',
    open: true,
    method: 'POST',
    path: '/auth/second-factor',
    summary: 'Signs in by a code of the app, or a recovery code, after a right password',
    body: z.strictObject({ ticket: z.string().min(1).max(100), code: typedDigits }),
    response: signedIn,
  }),
  beginPasskeySignIn: route({
    tag: 'Sign-in',
    open: true,
    method: 'POST',
    path: '/auth/passkey/options',
    summary: 'Says what a browser is to sign with a passkey',
    response: passkeyOptions,
  }),
  signInByPasskey: route({
    tag: 'Sign-in',
    open: true,
    method: 'POST',
    path: '/auth/passkey/verify',
    summary: 'Signs in by a passkey',
    body: z.strictObject({ response: passkeyResponse }),
    response: signedIn,
  }),
  ownCredentials: route({
    method: 'GET',
    path: '/api/account/credentials',
    tag: 'Account',
    summary: 'Says by what one gets in',
    response: ownCredentials,
  }),
  setOwnPassword: route({
    method: 'PUT',
    path: '/api/account/password',
    tag: 'Account',
    summary: 'Sets or changes the own password; other browsers are signed out',
    body: z.strictObject({ name: signInName, password: newPassword, present }),
    response: ownCredentials,
  }),
  removeOwnPassword: route({
    method: 'POST',
    path: '/api/account/password/remove',
    tag: 'Account',
    summary: 'Removes the own password',
    body: z.strictObject({ present }),
    response: ownCredentials,
  }),
  beginSecondFactor: route({
    method: 'POST',
    path: '/api/account/second-factor',
    tag: 'Account',
    summary: 'Makes a secret for an app of one-time passwords; it counts once a code proved it',
    body: z.strictObject({ present }),
    response: z.object({
      secret: z.string().describe('Base32, to be typed into the app'),
      address: z.string().describe('The same as `otpauth:…`, for a QR code'),
    }),
  }),
  confirmSecondFactor: route({
    method: 'POST',
    path: '/api/account/second-factor/confirm',
    tag: 'Account',
    summary: 'Asks for codes of the app from now on; other browsers are signed out',
    body: z.strictObject({ code: typedDigits }),
    response: z.object({
      recoveryCodes: z.array(z.string()).describe('Each signs in once; shown this once'),
    }),
  }),
  removeOwnSecondFactor: route({
    method: 'POST',
    path: '/api/account/second-factor/remove',
    tag: 'Account',
    summary: 'Asks for codes of the app no more',
    body: z.strictObject({ present }),
    response: ownCredentials,
  }),
  removeSecondFactor: route({
    method: 'DELETE',
    path: '/api/accounts/{member}/second-factor',
    tag: 'Accounts',
    summary: 'Asks a member who lost the app for its codes no more',
    params: z.object({ member: directoryId }),
    response: null,
  }),
  beginPasskey: route({
    method: 'POST',
    path: '/api/account/passkeys/options',
    tag: 'Account',
    summary: 'Says how a browser is to make a passkey',
    body: z.strictObject({ present }),
    response: passkeyOptions,
  }),
  addPasskey: route({
    method: 'POST',
    path: '/api/account/passkeys',
    tag: 'Account',
    summary: 'Keeps a passkey that the browser made',
    body: z.strictObject({ name: passkeyName, response: passkeyResponse }),
    response: ownCredentials,
  }),
  renamePasskey: route({
    method: 'PUT',
    path: '/api/account/passkeys/{id}',
    tag: 'Account',
    summary: 'Names a passkey anew',
    params: byId,
    body: z.strictObject({ name: passkeyName }),
    response: ownCredentials,
  }),
  removePasskey: route({
    method: 'DELETE',
    path: '/api/account/passkeys/{id}',
    tag: 'Account',
    summary: 'Removes a passkey',
    params: byId,
    response: ownCredentials,
  }),
  removePasskeys: route({
    method: 'DELETE',
    path: '/api/accounts/{member}/passkeys',
    tag: 'Accounts',
    summary: 'Removes all passkeys of a member',
    params: z.object({ member: directoryId }),
    response: null,
  }),
  removePassword: route({
    method: 'DELETE',
    path: '/api/accounts/{member}/password',
    tag: 'Accounts',
    summary: 'Removes the password of a member, who sets a new one after signing in by another way',
    params: z.object({ member: directoryId }),
    response: null,
  }),
}
