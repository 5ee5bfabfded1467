import { placeholdersOf, renderTemplate } from '../../../nodes/services/sms/template.ts'
import type { AlibabaAccount } from '../accounts.ts'
import { business } from './replies.ts'
import type { AlibabaError } from './replies.ts'
import type { AlibabaTemplate } from './templates.ts'

export interface RenderedText {
  template: AlibabaTemplate
  /** With the signature in its brackets, as the phone shows it. */
  text: string
}

/**
 * Finds signature and template and fills in the values.
 * @param values TemplateParam as it came: parsed JSON of unknown shape
 * @see Alibaba Cloud "API error codes" of Dysmsapi, read 2026-08
 */
export function renderText(
  account: AlibabaAccount,
  sign: string,
  templateCode: string,
  values: unknown,
): RenderedText | AlibabaError {
  if (!account.signs.includes(sign)) {
    return business('isv.SMS_SIGNATURE_ILLEGAL', '该账号下找不到对应签名')
  }
  const template = account.templates.find((each) => each.code === templateCode)
  if (template?.status !== 'approved') {
    return business('isv.SMS_TEMPLATE_ILLEGAL', '该账号下找不到对应模板')
  }
  const checked = checkValues(template, values)
  if ('code' in checked) return checked
  const text = `【${sign}】${renderTemplate(template.text, checked.values)}`
  if (text.length > 500) return business('isv.PARAM_LENGTH_LIMIT', '短信内容超过500字')
  return { template, text }
}

function checkValues(
  template: AlibabaTemplate,
  values: unknown,
): { values: Record<string, string> } | AlibabaError {
  const checked: Record<string, string> = {}
  const names = placeholdersOf(template.text)
  if (names.length > 0 && (typeof values !== 'object' || values === null || Array.isArray(values))) {
    return business('isv.INVALID_JSON_PARAM', 'JSON参数不合法')
  }
  for (const name of names) {
    const value = Object.hasOwn(values as object, name)
      ? (values as Record<string, unknown>)[name]
      : undefined
    if (value === undefined || value === null) {
      return business('isv.TEMPLATE_MISSING_PARAMETERS', `模板缺少变量:${name}`)
    }
    if (typeof value !== 'string' && typeof value !== 'number') {
      return business('isv.TEMPLATE_PARAMS_ILLEGAL', `模板变量不合法:${name}`)
    }
    const text = String(value)
    const [shortest, longest] = template.kind === 'code' ? [4, 6] : [1, 35]
    if (text.length < shortest || text.length > longest) {
      return business('isv.PARAM_LENGTH_LIMIT', `参数超过长度限制:${name}`)
    }
    if (template.kind === 'code' && !/^[A-Za-z0-9]+$/.test(text)) {
      return business('isv.TEMPLATE_PARAMS_ILLEGAL', `模板变量不合法:${name}`)
    }
    if (/https?:\/\/|\bwww\./i.test(text)) {
      return business('isv.PARAM_NOT_SUPPORT_URL', `变量不支持传入URL:${name}`)
    }
    checked[name] = text
  }
  return { values: checked }
}
