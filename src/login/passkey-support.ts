import {
  browserSupportsWebAuthn,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/browser'

/** Why this page can have no passkeys; undefined: it can. Texts: `credentials.passkeys.<reason>`. */
export function passkeyObstacle(): 'address' | 'insecure' | 'browser' | undefined {
  // browsers make passkeys for names: an address of the network may be anybody's tomorrow
  if (/^[\d.]+$/.test(location.hostname) || location.hostname.includes(':')) return 'address'
  if (!isSecureContext) return 'insecure'
  return browserSupportsWebAuthn() ? undefined : 'browser'
}

/** What a browser answered, as a body of our own routes, which ask for no extensions. */
export function plain({ id, rawId, type, response }: AuthenticationResponseJSON | RegistrationResponseJSON) {
  return { id, rawId, type, response: { ...response } }
}

/** Whether the person closed the browser's own question, or it found no passkey: nothing went wrong. */
export function isPasskeyCancelled(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'NotAllowedError' || thrown.name === 'AbortError')
}
