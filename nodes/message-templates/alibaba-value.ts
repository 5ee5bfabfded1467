import type { TemplateCategory } from './schema.ts'
import { error, type TemplateProblem } from './template-problem.ts'

/**
 * What Alibaba Cloud refuses in the value of a template variable: a link anywhere, more than 35 characters or none;
 * in a login code anything but 4 to 6 letters and digits.
 * @param name our placeholder's
 * @see Alibaba Cloud SMS, rules for template variables, read 2026-08
 */
export function alibabaValueProblem(
  name: string,
  text: string,
  category: TemplateCategory,
): TemplateProblem | undefined {
  const place = `placeholders/${name}`
  if (text === '') return error('valueMissing', { name }, place)
  if (/https?:\/\/|\bwww\./i.test(text)) return error('valueHasUrl', { name }, place)
  if (category === 'login-code') {
    return /^[A-Za-z0-9]{4,6}$/.test(text) ? undefined : error('valueNotLoginCode', { name }, place)
  }
  return text.length > MAX_VALUE
    ? error('valueTooLong', { name, length: text.length, limit: MAX_VALUE }, place)
    : undefined
}

const MAX_VALUE = 35
