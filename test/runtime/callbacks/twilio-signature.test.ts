import { describe, expect, it } from 'vitest'
import { isSignedByTwilio, readForm } from '../../../runtime/callbacks/twilio-signature.ts'
import { twilioSignature } from '../../../runtime/sandbox/twilio/callbacks.ts'

/** Signatures that Twilio publishes with its library, for the auth token `12345`. */
const token = '12345'
const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
const fields = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
  To: '+18005551212',
}
const body = new URLSearchParams(fields).toString()
const signature = 'RSOYDt4T1cUTdK1PDd93/VVr8B8='

describe('a signature of Twilio', () => {
  it.each([
    ['as it is', url, body, signature],
    ['of an address with a port', url.replace('.com', '.com:1234'), body, signature],
    ['made over the usual port of https', url, body, 'kvajT1Ptam85bY51eRf/AJRuM3w='],
    ['made over the usual port of http', url.replace('https', 'http'), body, '0ZXoZLH/DfblKGATFgpif+LLRf4='],
    ['of an address with a quote', `${url}&Body=It's+amazing`, body, 'dsq4Ehbj6cs+KdTkpF5sSSplOWw='],
    [
      'over repeated fields, whatever their order',
      url,
      'Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234',
      'IK+Dwps556ElfBT0I3Rgjkr1wJU=',
    ],
  ])('is right %s', async (_, signedUrl, form, known) => {
    expect(await isSignedByTwilio(token, known, ['https://other.example/', signedUrl], readForm(form))).toBe(
      true,
    )
  })

  it('is wrong where anything differs', async () => {
    const check = (key: string, sign: string, to: string, form: string) =>
      isSignedByTwilio(key, sign, [to], readForm(form))
    expect(await check('12346', signature, url, body)).toBe(false)
    expect(await check(token, 'RSOYDt4T1cUTdK1PDd93/VVr8B9=', url, body)).toBe(false)
    expect(await check(token, signature, `${url}&more=1`, body)).toBe(false)
    expect(await check(token, signature, url, `${body}&Extra=1`)).toBe(false)
    expect(await check(token, signature, url, body.replace('1234&', '1235&'))).toBe(false)
    expect(await check(token, '', url, body)).toBe(false)
  })

  it('is made by the sandbox as Twilio makes it', () => {
    expect(twilioSignature(url, fields, token)).toBe(signature)
  })
})
