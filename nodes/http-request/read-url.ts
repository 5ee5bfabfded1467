const MAX_CHARACTERS = 8_192

/** Why a text is no URL that the server calls: texts below `errors.HTTP_REQUEST_INVALID.reasons`. */
export type UrlFault = 'urlUnreadable' | 'urlTooLong' | 'urlScheme' | 'urlCredentials'

/** Reads an absolute http(s) URL without credentials. Its fragment is dropped: it is not for the server it names. */
export function readUrl(text: string): URL | UrlFault {
  if (text.length > MAX_CHARACTERS) return 'urlTooLong'
  const url = URL.parse(text)
  if (!url) return 'urlUnreadable'
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'urlScheme'
  if (url.username !== '' || url.password !== '') return 'urlCredentials'
  url.hash = ''
  return url
}
