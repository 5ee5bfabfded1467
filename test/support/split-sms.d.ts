/** The package has no types of its own. */
declare module 'split-sms' {
  const splitSms: { split(text: string): { characterSet: 'GSM' | 'Unicode'; parts: object[] } }
  export default splitSms
}
