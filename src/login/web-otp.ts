/** What browsers with WebOTP give for a text that names this page: `@host #code`. */
interface OtpCredential {
  code: string
}
type OtpRequest = CredentialRequestOptions & { otp: { transport: ['sms'] } }

/** Waits for the code of a text message, where the browser can read one. @returns undefined where it does not come */
export async function codeFromText(signal: AbortSignal): Promise<string | undefined> {
  if (!('OTPCredential' in globalThis)) return undefined
  const request: OtpRequest = { otp: { transport: ['sms'] }, signal }
  try {
    const credential = (await navigator.credentials.get(request)) as unknown as OtpCredential | null
    return credential?.code
  } catch {
    // aborted, or the person refused: the code is typed in
    return undefined
  }
}
