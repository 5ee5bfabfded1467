import type { JsonObject } from '../../nodes/json.ts'

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const RESOURCE_TYPE = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType'
const SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema'

/** Most resources of one answer. */
export const MAX_RESULTS = 200

/** @see RFC 7643, section 5 */
export const serviceProviderConfig: JsonObject = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MAX_RESULTS },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description: 'A token that is made in the settings of sms-logic',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: '/scim/v2/ServiceProviderConfig' },
}

export const resourceTypes: JsonObject[] = [
  resourceType('User', '/Users', USER_SCHEMA),
  resourceType('Group', '/Groups', GROUP_SCHEMA),
]

function resourceType(name: string, endpoint: string, schema: string): JsonObject {
  const location = `/scim/v2/ResourceTypes/${name}`
  return {
    schemas: [RESOURCE_TYPE],
    id: name,
    name,
    endpoint,
    schema,
    meta: { resourceType: 'ResourceType', location },
  }
}

function attribute(name: string, more: JsonObject = {}): JsonObject {
  return {
    name,
    type: 'string',
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...more,
  }
}
function complex(name: string, subAttributes: JsonObject[], more: JsonObject = {}): JsonObject {
  return attribute(name, { type: 'complex', subAttributes, ...more })
}
const typedValue = [attribute('value'), attribute('type'), attribute('primary', { type: 'boolean' })]

export const schemas: JsonObject[] = [
  schema(USER_SCHEMA, 'User', 'A member of the directory', [
    attribute('userName', { required: true, uniqueness: 'server' }),
    attribute('externalId', { caseExact: true }),
    attribute('displayName'),
    complex('name', [attribute('formatted'), attribute('givenName'), attribute('familyName')]),
    attribute('active', { type: 'boolean' }),
    complex('emails', typedValue, { multiValued: true }),
    complex('phoneNumbers', typedValue, { multiValued: true }),
    attribute('locale'),
    attribute('preferredLanguage'),
    attribute('timezone'),
    attribute('title'),
    complex('groups', [attribute('value'), attribute('display')], {
      multiValued: true,
      mutability: 'readOnly',
    }),
  ]),
  schema(GROUP_SCHEMA, 'Group', 'A role of the organisation', [
    attribute('displayName', { required: true }),
    attribute('externalId', { caseExact: true }),
    complex('members', [attribute('value'), attribute('display', { mutability: 'readOnly' })], {
      multiValued: true,
    }),
  ]),
]

function schema(id: string, name: string, description: string, attributes: JsonObject[]): JsonObject {
  const location = `/scim/v2/Schemas/${id}`
  return { schemas: [SCHEMA], id, name, description, attributes, meta: { resourceType: 'Schema', location } }
}
