import { z } from 'zod'
import { directoryId } from '../directory/schema.ts'
import { tokenScopes } from './rights.ts'
import { route } from './route.ts'

/** A token for programs, as far as anybody gets to see it again. */
export const apiToken = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(tokenScopes)).describe('What it may do, as far as its owner may'),
  owner: z
    .object({ member: directoryId, name: z.string() })
    .nullable()
    .describe('Null: made by the one who came in by the start link or the access token'),
  created: z.string(),
  expires: z.string().nullable().describe('Null: never'),
  used: z.string().nullable().describe('Null: never'),
})
export type ApiToken = z.infer<typeof apiToken>

export const createdApiToken = apiToken.extend({ token: z.string().describe('Answered this once') })

export const createApiToken = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(tokenScopes)).min(1, { error: 'required' }).max(tokenScopes.length),
  expiresInDays: z.int().min(1).max(3_650).nullable().default(90).describe('Null: it never expires'),
})

const tag = 'Tokens'

export const tokenRoutes = {
  listApiTokens: route({
    method: 'GET',
    path: '/api/tokens',
    tag,
    summary: 'Lists the tokens of programs: one’s own, an administrator those of everybody',
    response: z.array(apiToken),
  }),
  createApiToken: route({
    method: 'POST',
    path: '/api/tokens',
    tag,
    summary: 'Makes a token for a program, which may do no more than its owner; it is answered this once',
    body: createApiToken,
    response: createdApiToken,
    status: 201,
  }),
  revokeApiToken: route({
    method: 'DELETE',
    path: '/api/tokens/{id}',
    tag,
    summary: 'Revokes a token: whoever shows it is refused from now on',
    params: z.object({ id: z.string().min(1).max(100) }),
    response: null,
  }),
}
