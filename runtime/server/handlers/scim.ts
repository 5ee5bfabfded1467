import { ErrorCode, FlowError } from '../../../nodes/errors.ts'
import type { JsonObject } from '../../../nodes/json.ts'
import type { Runtime } from '../../runtime.ts'
import { listResponse, select } from '../../scim/list-response.ts'
import { patchBody } from '../../scim/patch.ts'
import { resourceTypes, schemas, serviceProviderConfig } from '../../scim/schemas.ts'
import { ScimError } from '../../scim/scim-error.ts'
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
      return user
    },
    scimUser: ({ params, query }) => select(users.get(params.id), query),
    replaceScimUser: ({ params, body }) => users.replace(params.id, body),
    patchScimUser: ({ params, body }) => users.patch(params.id, operationsOf(body)),
    deleteScimUser: ({ params }) => users.delete(params.id),

    scimGroups: ({ query }) => groups.list(query),
    createScimGroup({ body, reply }) {
      const group = groups.create(body)
      void reply.header('location', `/scim/v2/Groups/${String(group['id'])}`)
      return group
    },
    scimGroup: ({ params, query }) => groups.get(params.id, query),
    replaceScimGroup: ({ params, body }) => groups.replace(params.id, body),
    patchScimGroup: ({ params, body }) => groups.patch(params.id, operationsOf(body)),
    deleteScimGroup: ({ params }) => groups.delete(params.id),
  } satisfies Partial<Handlers>
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
