/** Reads our id of a message as a provider gives it back. */
export function readMessageId(text: string): { runId: string; number: number } | undefined {
  const match = /^([0-9A-Za-z_]{1,40})-(\d{1,7})$/.exec(text)
  return match ? { runId: match[1]!, number: Number(match[2]) } : undefined
}
