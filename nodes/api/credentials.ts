import { z } from 'zod'
import { directoryId } from '../directory/schema.ts'
import { newPassword, signInName, typedPassword } from '../login/password.ts'
import { signedIn } from './accounts.ts'
import { route } from './route.ts'

/** By what one gets in, beside codes by text message. */
export const ownCredentials = z.object({
  password: z
    .object({ name: z.string().describe('By which one signs in'), changed: z.string() })
    .nullable()
    .describe('Null: none'),
  suggestedName: z.string().describe('For the first password: the own name, where it is free to be used'),
  asksPresent: z
    .boolean()
    .describe(
      'False: there is no password yet, or an administrator came by the start link or the access token',
    ),
})
export type OwnCredentials = z.infer<typeof ownCredentials>

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
  removePassword: route({
    method: 'DELETE',
    path: '/api/accounts/{member}/password',
    tag: 'Accounts',
    summary: 'Removes the password of a member, who sets a new one after signing in by another way',
    params: z.object({ member: directoryId }),
    response: null,
  }),
}
