/** The token in what a person pasted: the token itself, or the whole start link that holds it. */
export function tokenFrom(pasted: string): string {
  const trimmed = pasted.trim()
  const inLink = /#token=([^&\s]+)/.exec(trimmed)?.[1]
  if (!inLink) return trimmed
  try {
    return decodeURIComponent(inLink)
  } catch {
    return inLink
  }
}
