const MAX_CHARACTERS = 2_000

/** Why a text is no link for an inbox: texts below `errors.NOTIFICATION_INVALID.reasons`. */
export type LinkFault = 'linkTooLong' | 'linkRefused'

/**
 * Reads a link that people shall follow: an `https` address without a user name, or a place within the application
 * that begins with one `/`. Anything else is refused, so that nobody's click runs a script or leaves unnoticed.
 */
export function readLink(text: string): { link: string } | LinkFault {
  const link = text.trim()
  if (link.length > MAX_CHARACTERS) return 'linkTooLong'
  return isPlace(link) || isWebAddress(link) ? { link } : 'linkRefused'
}

/** Browsers take `//host`, and `/\host` too, for another host, and drop tabs and line breaks before they look. */
function isPlace(link: string): boolean {
  return /^\/(?![/\\])[^\s\\\p{Cc}]*$/u.test(link)
}

function isWebAddress(link: string): boolean {
  if (!/^https:\/\/[^\s\\\p{Cc}]+$/iu.test(link)) return false
  const url = URL.parse(link)
  return url?.protocol === 'https:' && url.username === '' && url.password === ''
}
