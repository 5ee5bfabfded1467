import type { TwilioAccount } from '../accounts.ts'
import { isSameSecret } from '../wire.ts'

/**
 * Finds the account behind a Basic authorization: account SID and auth token, or API key SID and secret.
 * Only the first colon separates, since an auth token may contain more.
 */
export function authenticate(
  authorization: string | undefined,
  accounts: readonly TwilioAccount[],
): TwilioAccount | undefined {
  const encoded = authorization?.match(/^Basic +([A-Za-z0-9+/]+=*)$/i)?.[1]
  if (!encoded) return undefined
  const credentials = Buffer.from(encoded, 'base64').toString()
  const colon = credentials.indexOf(':')
  if (colon < 0) return undefined
  const user = credentials.slice(0, colon)
  const password = credentials.slice(colon + 1)
  for (const account of accounts) {
    const secret =
      user === account.accountSid
        ? account.authToken
        : account.apiKeys.find((key) => key.sid === user)?.secret
    if (secret !== undefined) return isSameSecret(password, secret) ? account : undefined
  }
  return undefined
}
