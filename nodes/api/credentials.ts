import { z } from 'zod'
import { directoryId } from '../directory/schema.ts'
import { newPassword, signInName, typedPassword } from '../login/password.ts'
import { signedIn, typedDigits } from './accounts.ts'
import { route } from './route.ts'

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

/** Signing in by a password, and what of it belongs to the own account. */
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
  removePassword: route({
    method: 'DELETE',
    path: '/api/accounts/{member}/password',
    tag: 'Accounts',
    summary: 'Removes the password of a member, who sets a new one after signing in by another way',
    params: z.object({ member: directoryId }),
    response: null,
  }),
}
