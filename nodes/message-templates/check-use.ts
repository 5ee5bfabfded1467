import type { Problem } from '../graph/problems.ts'
import { isWritable } from '../graph/schema.ts'
import type { GraphInput, ValueType } from '../graph/schema.ts'
import type { SmsServiceSummary } from '../services/sms/settings.ts'
import type { Value } from '../values/value.ts'
import { alibabaValueProblem } from './alibaba-value.ts'
import { problemsForService } from './check-template.ts'
import { placeholderText, typeFaults } from './placeholder-text.ts'
import type { MessageTemplate, PlaceholderType, TemplateContent, TemplatePlaceholder } from './schema.ts'
import type { TemplateProblem } from './template-problem.ts'

/**
 * Checks a node that sends a template: what keeps the service from sending it, and what can be said of the values
 * before they are computed.
 * @param inputs the function's inputs, whose types are known
 */
export function templateUseProblems(
  template: MessageTemplate,
  service: SmsServiceSummary,
  variables: Readonly<Record<string, Value>>,
  inputs: readonly GraphInput[],
): Problem[] {
  const mapped = mappedAtAlibaba(template, service)
  const types = new Map(inputs.map(({ name, type }) => [name, type]))
  const declared = new Set(template.placeholders.map(({ name }) => name))
  return [
    ...problemsForService(template, service).map((problem) => describe(problem, 'template')),
    ...template.placeholders.flatMap((placeholder) => {
      const value = Object.hasOwn(variables, placeholder.name) ? variables[placeholder.name] : undefined
      const problem = valueProblem(placeholder, value, types, mapped, template)
      return problem ? [describe(problem, `variables/${placeholder.name}`)] : []
    }),
    ...Object.keys(variables)
      .filter((name) => !declared.has(name))
      .map((name): Problem => ({
        severity: 'warning',
        key: 'template.valueUnknown',
        params: { name },
        field: `variables/${name}`,
      })),
  ]
}

function valueProblem(
  placeholder: TemplatePlaceholder,
  value: Value | undefined,
  types: ReadonlyMap<string, ValueType>,
  mapped: ReadonlySet<string>,
  { category }: TemplateContent,
): TemplateProblem | undefined {
  const { name } = placeholder
  if (value === undefined || value.kind === 'fixed') {
    const written = placeholderText(placeholder, value?.value, {})
    if ('problem' in written) return written.problem
    return mapped.has(name) ? alibabaValueProblem(name, written.text, category) : undefined
  }
  const type = value.kind === 'variable' ? types.get(value.path) : undefined
  if (type === undefined) return undefined
  const fit = fits(placeholder.type, type)
  if (fit === 'yes') return undefined
  return fit === 'no'
    ? {
        severity: 'error',
        key: isWritable(type) ? typeFaults[placeholder.type] : 'notText',
        params: { name },
      }
    : { severity: 'warning', key: 'mayNotFit', params: { name } }
}

/** Whether values of an input's type can be written as a placeholder's type. */
function fits(placeholder: PlaceholderType, input: ValueType): 'yes' | 'no' | 'maybe' {
  if (!isWritable(input)) return 'no'
  if (placeholder === 'text') return 'yes'
  const same: Partial<Record<ValueType, PlaceholderType>> = { number: 'number', datetime: 'date-time' }
  if (same[input] !== undefined)
    return same[input] === placeholder || (input === 'number' && placeholder === 'code') ? 'yes' : 'no'
  if (input !== 'text') return 'no'
  return placeholder === 'url' || placeholder === 'code' ? 'yes' : 'maybe'
}

/** Our placeholders that go to Alibaba, whose rules are stricter. */
function mappedAtAlibaba({ bindings }: TemplateContent, { id }: SmsServiceSummary): ReadonlySet<string> {
  const binding = Object.hasOwn(bindings, id) ? bindings[id] : undefined
  if (binding?.kind !== 'alibaba-template') return new Set()
  return new Set(Object.values(binding.byLocale).flatMap(({ variables }) => Object.values(variables)))
}

function describe({ severity, key, params }: TemplateProblem, field: string): Problem {
  return { severity, key: `template.${key}`, ...(params && { params }), field }
}
