import type { TemplatePlaceholder } from './schema.ts'

/** Every fault of a template, of its binding to a service, and of a value. Texts: `problems.template.<key>`. */
export const templateProblemKeys = [
  // the template itself
  'textMissing',
  'undeclared',
  'unused',
  'textTooLong',
  // its binding to a service
  'unbound',
  'bindingUnfit',
  'serviceGone',
  'bindingMissing',
  'codeMissing',
  'mapsUndeclared',
  'notMapped',
  'notAtProvider',
  'urlForbidden',
  'optionalForbidden',
  // the value of a placeholder
  'valueMissing',
  'valueUnknown',
  'notText',
  'notNumber',
  'notDateTime',
  'notUrl',
  'notCode',
  'valueTooLong',
  'valueHasUrl',
  'valueNotLoginCode',
  'mayNotFit',
] as const
export type TemplateProblemKey = (typeof templateProblemKeys)[number]

export interface TemplateProblem {
  severity: 'error' | 'warning'
  key: TemplateProblemKey
  /** Facts for the text; `name` is a placeholder of ours. */
  params?: Record<string, string | number>
  /** Where in the template: `texts/en`, `placeholders/device`, `bindings/<service id>/zh-CN`. */
  place?: string
}

export function error(
  key: TemplateProblemKey,
  params?: TemplateProblem['params'],
  place?: string,
): TemplateProblem {
  return { severity: 'error', key, ...(params && { params }), ...(place !== undefined && { place }) }
}

export function warning(...args: Parameters<typeof error>): TemplateProblem {
  return { ...error(...args), severity: 'warning' }
}

export function placeOf({ name }: Pick<TemplatePlaceholder, 'name'>): string {
  return `placeholders/${name}`
}
