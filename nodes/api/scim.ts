import { z } from 'zod'
import type { JsonObject } from '../json.ts'
import { route } from './route.ts'

/** A token that an identity provider shows; the token itself is answered once, when it is made. */
export const scimToken = z.object({
  id: z.string(),
  name: z.string(),
  created: z.string(),
  used: z.string().nullable().describe('When it was shown last, about to the minute'),
})
export type ScimToken = z.infer<typeof scimToken>
export const createdScimToken = scimToken.extend({ token: z.string() })
export const createScimToken = z.strictObject({ name: z.string().trim().min(1).max(100) })

/** A resource or message of SCIM: its own rules say what it holds, see RFC 7643. */
const resource = z
  .custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'expected an object',
  })
  .meta({ type: 'object' })
const id = z.object({ id: z.string().min(1).max(200) })
const whole = z.coerce.number().int().catch(1)
const shown = {
  attributes: z.string().max(2_000).optional(),
  excludedAttributes: z.string().max(2_000).optional(),
}
const list = z.object({
  filter: z.string().max(2_000).optional(),
  startIndex: whole.default(1),
  count: z.coerce.number().int().catch(100).default(100),
  sortBy: z.string().max(200).optional(),
  sortOrder: z.enum(['ascending', 'descending']).optional(),
  ...shown,
})
const scim = { tag: 'SCIM', protocol: 'scim', response: resource } as const
const written = { body: resource, bodyType: 'scim' } as const

/** SCIM 2.0 (RFC 7644), so that an identity provider keeps members and organisation roles in step. */
export const scimRoutes = {
  scimConfig: route({
    ...scim,
    method: 'GET',
    path: '/scim/v2/ServiceProviderConfig',
    summary: 'Says which parts of SCIM there are',
  }),
  scimResourceTypes: route({
    ...scim,
    method: 'GET',
    path: '/scim/v2/ResourceTypes',
    summary: 'Lists the kinds of resources',
  }),
  scimResourceType: route({
    ...scim,
    method: 'GET',
    path: '/scim/v2/ResourceTypes/{id}',
    summary: 'Reads a kind of resource',
    params: id,
  }),
  scimSchemas: route({ ...scim, method: 'GET', path: '/scim/v2/Schemas', summary: 'Lists the schemas' }),
  scimSchema: route({
    ...scim,
    method: 'GET',
    path: '/scim/v2/Schemas/{id}',
    summary: 'Reads a schema',
    params: id,
  }),
  scimUsers: route({
    ...scim,
    method: 'GET',
    path: '/scim/v2/Users',
    summary: 'Finds members by userName, externalId, displayName, emails, active or id (eq, and)',
    query: list,
  }),
  createScimUser: route({
    ...scim,
    ...written,
    method: 'POST',
    path: '/scim/v2/Users',
    summary: 'Adds a member',
    status: 201,
  }),
  scimUser: route({
    ...scim,
    method: 'GET',
    path: '/scim/v2/Users/{id}',
    summary: 'Reads a member',
    params: id,
    query: z.object(shown),
  }),
  replaceScimUser: route({
    ...scim,
    ...written,
    method: 'PUT',
    path: '/scim/v2/Users/{id}',
    summary: 'Replaces a member',
    params: id,
  }),
  patchScimUser: route({
    ...scim,
    ...written,
    method: 'PATCH',
    path: '/scim/v2/Users/{id}',
    summary: 'Changes a member; `active: false` makes the member resigned',
    params: id,
  }),
  deleteScimUser: route({
    ...scim,
    method: 'DELETE',
    path: '/scim/v2/Users/{id}',
    summary: 'Deletes a member',
    params: id,
    response: null,
  }),
  scimGroups: route({
    ...scim,
    method: 'GET',
    path: '/scim/v2/Groups',
    summary: 'Finds organisation roles by displayName, externalId, members or id (eq, and)',
    query: list,
  }),
  createScimGroup: route({
    ...scim,
    ...written,
    method: 'POST',
    path: '/scim/v2/Groups',
    bodyLimit: 20 * 1024 * 1024,
    summary: 'Adds an organisation role',
    status: 201,
  }),
  scimGroup: route({
    ...scim,
    method: 'GET',
    path: '/scim/v2/Groups/{id}',
    summary: 'Reads an organisation role',
    params: id,
    query: z.object(shown),
  }),
  replaceScimGroup: route({
    ...scim,
    ...written,
    method: 'PUT',
    path: '/scim/v2/Groups/{id}',
    bodyLimit: 20 * 1024 * 1024,
    summary: 'Replaces an organisation role',
    params: id,
  }),
  patchScimGroup: route({
    ...scim,
    ...written,
    method: 'PATCH',
    path: '/scim/v2/Groups/{id}',
    bodyLimit: 20 * 1024 * 1024,
    summary: 'Changes an organisation role: its name, or some of its members',
    params: id,
    response: null,
  }),
  deleteScimGroup: route({
    ...scim,
    method: 'DELETE',
    path: '/scim/v2/Groups/{id}',
    summary: 'Deletes an organisation role',
    params: id,
    response: null,
  }),
} as const
