import { ErrorCode, FlowError } from '../../nodes/errors.ts'

/** @see RFC 7644, section 3.12, table 9 */
export type ScimType =
  'invalidFilter' | 'uniqueness' | 'invalidSyntax' | 'invalidPath' | 'noTarget' | 'invalidValue' | 'tooMany'

/** A refusal of a SCIM request, with the word that identity providers know it by. */
export class ScimError extends FlowError {
  readonly scimType: ScimType

  constructor(scimType: ScimType, message: string) {
    super(scimType === 'uniqueness' ? ErrorCode.Conflict : ErrorCode.BodyInvalid, message)
    this.scimType = scimType
  }
}

export function notFound(kind: 'user' | 'group'): FlowError {
  return new FlowError(ErrorCode.NotFound, `There is no such ${kind}`)
}
