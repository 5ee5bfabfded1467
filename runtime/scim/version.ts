import { hash } from 'node:crypto'
import { ErrorCode, FlowError } from '../../nodes/errors.ts'
import type { Json, JsonObject } from '../../nodes/json.ts'

/** The weak ETag of a resource: another one whenever something of it changed. @see RFC 7644, section 3.14 */
export function versionOf(content: Json): string {
  return `W/"${hash('sha256', JSON.stringify(content), 'base64url').slice(0, 22)}"`
}

/** A resource with its ETag in `meta`, made of everything else that it shows. */
export function withVersion(resource: JsonObject): JsonObject {
  return { ...resource, meta: { ...(resource['meta'] as JsonObject), version: versionOf(resource) } }
}

/** What stands in the header `ETag` of an answer. */
export function etagOf({ meta }: JsonObject): string {
  return (meta as { version: string }).version
}

/** True where a header `If-Match` or `If-None-Match` names this version, or any. */
export function names(header: string, version: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '')
  return header.split(',').some((tag) => tag.trim() === '*' || opaque(tag) === opaque(version))
}

/** @throws FlowError `VERSION_MISMATCH` where the provider changes another version than there is */
export function refuseOtherVersion(resource: JsonObject, ifMatch: string | undefined): void {
  if (ifMatch === undefined || names(ifMatch, etagOf(resource))) return
  throw new FlowError(ErrorCode.VersionMismatch, 'The resource is not in the version that If-Match names', {
    hint: 'Read it again, then repeat the change.',
  })
}
