import type { AlibabaAccount } from '../accounts.ts'
import { readPhone } from './phone-numbers.ts'
import { renderText } from './render-text.ts'
import type { RenderedText } from './render-text.ts'
import { business } from './replies.ts'
import type { AlibabaError } from './replies.ts'

/** One text to one number, ready to be taken. */
export interface ReadText extends RenderedText {
  to: string
  sign: string
}

type Form = ReadonlyMap<string, string>

/** SendSms: one text to up to 1,000 numbers. */
export function readSendSms(form: Form, account: AlibabaAccount): ReadText[] | AlibabaError {
  const missing = missingField(form, ['PhoneNumbers', 'SignName', 'TemplateCode'])
  if (missing) return missing
  const param = form.get('TemplateParam')
  const values = param ? parseJson(param) : {}
  if (values === undefined) return notJson
  const numbers = form.get('PhoneNumbers')!.split(',')
  if (numbers.length > 1_000) return tooMany
  const sign = form.get('SignName')!
  const rendered = renderText(account, sign, form.get('TemplateCode')!, values)
  if ('code' in rendered) return rendered
  const texts: ReadText[] = []
  for (const number of numbers) {
    const to = readPhone(number)
    if (to === undefined) return notANumber
    texts.push({ to, sign, ...rendered })
  }
  return texts
}

/** SendBatchSms: up to 100 numbers, each with a signature and values of its own, under one template. */
export function readSendBatchSms(form: Form, account: AlibabaAccount): ReadText[] | AlibabaError {
  const missing = missingField(form, ['PhoneNumberJson', 'SignNameJson', 'TemplateCode'])
  if (missing) return missing
  const numbers = parseJson(form.get('PhoneNumberJson')!)
  const signs = parseJson(form.get('SignNameJson')!)
  const param = form.get('TemplateParamJson')
  const values = param ? parseJson(param) : undefined
  if (!isTexts(numbers) || !isTexts(signs) || (param && !Array.isArray(values))) return notJson
  if (numbers.length > 100) return tooMany
  const params = Array.isArray(values) ? (values as unknown[]) : numbers.map(() => ({}))
  if (numbers.length === 0 || signs.length !== numbers.length || params.length !== numbers.length) {
    return business('isv.INVALID_PARAMETERS', '手机号码、签名和模板变量的个数不一致')
  }
  const texts: ReadText[] = []
  for (const [index, number] of numbers.entries()) {
    const to = readPhone(number)
    if (to === undefined) return notANumber
    const rendered = renderText(account, signs[index]!, form.get('TemplateCode')!, params[index])
    if ('code' in rendered) return rendered
    texts.push({ to, sign: signs[index]!, ...rendered })
  }
  return texts
}

/** The gateway's refusal for the first mandatory field that is missing or empty. */
export function missingField(form: Form, names: readonly string[]): AlibabaError | undefined {
  const name = names.find((each) => !form.get(each))
  if (name === undefined) return undefined
  return { code: `Missing${name}`, message: `${name} is mandatory for this action.`, status: 400 }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

const notJson = business('isv.INVALID_JSON_PARAM', 'JSON参数不合法,只接受字符串值')
const tooMany = business('isv.MOBILE_COUNT_OVER_LIMIT', '手机号码数量超过限制')
const notANumber = business('isv.MOBILE_NUMBER_ILLEGAL', '非法手机号')
