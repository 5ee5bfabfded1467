/** A form's fields; a repeated name keeps all its values, since the signature covers each. */
export type FormFields = Record<string, string | string[]>

/**
 * True where Twilio, or somebody else who knows the auth token, has made this request. Addresses are tried with and
 * without their usual port, for what stands between Twilio and this server may add or drop it.
 * @param urls addresses under which the request may have been made
 */
export async function isSignedByTwilio(
  authToken: string,
  signature: string,
  urls: readonly string[],
  fields: FormFields,
): Promise<boolean> {
  const { default: sdk } = await import('twilio') // loaded only where texts go through Twilio
  return urls.some((url) => sdk.validateRequest(authToken, signature, url, fields))
}

export function readForm(body: string): FormFields {
  const fields = Object.create(null) as FormFields
  const form = new URLSearchParams(body)
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name)
    fields[name] = values.length === 1 ? values[0]! : values
  }
  return fields
}
