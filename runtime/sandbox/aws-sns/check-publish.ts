import type { AwsError } from './replies.ts'

export interface PublishedText {
  to: string
  text: string
  from: string
}

/** What a phone shows as sender where the request names none. */
const DEFAULT_SENDER = 'NOTICE'

/** Attributes that decide how a text is sent; other names that begin with `AWS.` are refused. */
const smsAttributes: Record<string, { type: 'String' | 'Number'; pattern: RegExp }> = {
  'AWS.SNS.SMS.SenderID': { type: 'String', pattern: /^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/ },
  'AWS.SNS.SMS.SMSType': { type: 'String', pattern: /^(Promotional|Transactional)$/ },
  'AWS.SNS.SMS.MaxPrice': { type: 'Number', pattern: /^\d+(\.\d+)?$/ },
  'AWS.MM.SMS.OriginationNumber': { type: 'String', pattern: /^\+?\d{5,15}$/ },
  'AWS.MM.SMS.EntityId': { type: 'String', pattern: /^.{1,50}$/ },
  'AWS.MM.SMS.TemplateId': { type: 'String', pattern: /^.{1,50}$/ },
}

/**
 * Checks a Publish to a phone number.
 * @see Amazon SNS "Publish" and "Publishing to a mobile phone", read 2026-08
 */
export function checkPublish(
  form: ReadonlyMap<string, string>,
  optedOut: ReadonlySet<string>,
): PublishedText | AwsError {
  const to = form.get('PhoneNumber')
  if (form.has('TopicArn') || form.has('TargetArn')) {
    return { code: 'NotFound', message: 'Topic does not exist', status: 404 }
  }
  if (to === undefined) {
    return invalid('Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter')
  }
  if (!/^\+[1-9]\d{6,14}$/.test(to)) {
    return invalid(`Invalid parameter: PhoneNumber Reason: ${to} is not valid to publish to`)
  }
  const text = form.get('Message')
  if (!text) return invalid('Invalid parameter: Empty message')
  if (text.length > 1_600) return invalid('Invalid parameter: Message too long')
  const attributes = readAttributes(form)
  if (!(attributes instanceof Map)) return attributes
  if (optedOut.has(to)) return { code: 'OptedOut', message: 'Phone number is opted out' }
  const from =
    attributes.get('AWS.SNS.SMS.SenderID') ?? attributes.get('AWS.MM.SMS.OriginationNumber') ?? DEFAULT_SENDER
  return { to, text, from }
}

function readAttributes(form: ReadonlyMap<string, string>): Map<string, string> | AwsError {
  const attributes = new Map<string, string>()
  for (let number = 1; ; number++) {
    const entry = `MessageAttributes.entry.${number}`
    const name = form.get(`${entry}.Name`)
    if (name === undefined) return attributes
    const type = form.get(`${entry}.Value.DataType`) ?? ''
    const value = form.get(`${entry}.Value.StringValue`) ?? form.get(`${entry}.Value.BinaryValue`)
    if (!/^(String|Number|Binary)(\.|$)/.test(type)) {
      return invalidValue(
        `The message attribute '${name}' has an invalid message attribute type, ` +
          'the set of supported type prefixes is Binary, Number, and String.',
      )
    }
    if (!value) {
      return invalidValue(
        `The message attribute '${name}' must contain non-empty message attribute value ` +
          `for message attribute type '${type}'.`,
      )
    }
    const rule = smsAttributes[name]
    if (rule ? rule.type !== type || !rule.pattern.test(value) : /^(AWS|Amazon)\./i.test(name)) {
      return invalid(`Invalid parameter: MessageAttributes Reason: ${name} is not valid`)
    }
    attributes.set(name, value)
  }
}

function invalid(message: string): AwsError {
  return { code: 'InvalidParameter', message }
}

function invalidValue(message: string): AwsError {
  return { code: 'ParameterValueInvalid', message }
}
