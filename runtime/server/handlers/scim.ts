import { ErrorCode, FlowError } from '../../../nodes/errors.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { JsonObject } from '../../../nodes/json.ts'
import type { Runtime } from '../../runtime.ts'
import { listResponse, select } from '../../scim/list-response.ts'
import { patchBody } from '../../scim/patch.ts'
import { resourceTypes, schemas, serviceProviderConfig } from '../../scim/schemas.ts'
import { ScimError } from '../../scim/scim-error.ts'
import { etagOf, names } from '../../scim/version.ts'
import type { Handlers } from '../handler.ts'

export function scimHandlers({ scim }: Runtime) {
  const { users, groups, tokens } = scim
  return {
    listScimTokens: () => tokens.list(),
    createScimToken: ({ body }) => tokens.create(body.name),
    revokeScimToken: ({ params }) => tokens.revoke(params.id),

    scimConfig: () => serviceProviderConfig,
    scimResourceTypes: () => listResponse(resourceTypes, resourceTypes.length, 1),
    scimResourceType: ({ params }) => withId(resourceTypes, params.id),
    scimSchemas: () => listResponse(schemas, schemas.length, 1),
    scimSchema: ({ params }) => withId(schemas, params.id),

    scimUsers: ({ query }) => users.list(query),
    createScimUser({ body, reply }) {
      const user = users.create(body)
      void reply.header('location', `/scim/v2/Users/${String(user['id'])}`)
      return tagged(reply, user)
    },
    scimUser: ({ params, query, request, reply }) =>
      ifChanged(request, reply, select(users.get(params.id), query)),
    replaceScimUser: ({ params, body, request, reply }) =>
      tagged(reply, users.replace(params.id, body, request.headers['if-match'])),
    patchScimUser: ({ params, body, request, reply }) =>
      tagged(reply, users.patch(params.id, operationsOf(body), request.headers['if-match'])),
    deleteScimUser: ({ params, request }) => users.delete(params.id, request.headers['if-match']),

    scimGroups: ({ query }) => groups.list(query),
    createScimGroup({ body, reply }) {
      const group = groups.create(body)
      void reply.header('location', `/scim/v2/Groups/${String(group['id'])}`)
      return tagged(reply, group)
    },
    scimGroup: ({ params, query, request, reply }) => ifChanged(request, reply, groups.get(params.id, query)),
    replaceScimGroup: ({ params, body, request, reply }) =>
      tagged(reply, groups.replace(params.id, body, request.headers['if-match'])),
    patchScimGroup: ({ params, body, request, reply }) =>
      tagged(reply, groups.patch(params.id, operationsOf(body), request.headers['if-match'])),
    deleteScimGroup: ({ params, request }) => groups.delete(params.id, request.headers['if-match']),
  } satisfies Partial<Handlers>
}

function tagged(reply: FastifyReply, resource: JsonObject): JsonObject {
  void reply.header('etag', etagOf(resource))
  return resource
}

/** A provider that has this version already gets 304 without it. */
function ifChanged(request: FastifyRequest, reply: FastifyReply, resource: JsonObject): JsonObject {
  const known = request.headers['if-none-match']
  if (known !== undefined && names(known, etagOf(resource))) void reply.code(304)
  return tagged(reply, resource)
}

function operationsOf(body: JsonObject) {
  const parsed = patchBody.safeParse(body)
  if (parsed.success) return parsed.data.Operations
  throw new ScimError('invalidSyntax', 'A PATCH holds "Operations", each with "op": add, replace or remove')
}

function withId(list: readonly JsonObject[], id: string): JsonObject {
  const found = list.find((each) => each['id'] === id)
  if (found) return found
  throw new FlowError(ErrorCode.NotFound, 'There is nothing at this address')
}
