import type { FormControl } from '../forms/SchemaForm.vue'
import { smsProviders } from '../../nodes/services/sms/settings.ts'
import type { SmsServiceSummary } from '../../nodes/services/sms/settings.ts'
import type { NodeTypes } from '../node-types/useNodeTypes.ts'
import BranchesField from './BranchesField.vue'
import JsonField from './JsonField.vue'
import MessageTemplateField from './MessageTemplateField.vue'
import NumberField from './NumberField.vue'
import RecipientsField from './RecipientsField.vue'
import SelectField from './SelectField.vue'
import SmsServiceField from './SmsServiceField.vue'
import SuccessField from './SuccessField.vue'
import SmsStepField from './SmsStepField.vue'
import SwitchField from './SwitchField.vue'
import TemplateCodeField from './TemplateCodeField.vue'
import TemplateTextField from './TemplateTextField.vue'
import TemplateVariablesField from './TemplateVariablesField.vue'
import TextareaField from './TextareaField.vue'
import TextField from './TextField.vue'
import ValueField from './ValueField.vue'
import VariableNameField from './VariableNameField.vue'
import type { ParamsContext } from './params-context.ts'

/**
 * Every field component of Set Parameters by the name that a schema calls it (`.meta({ control })`).
 * A host's own come on top. Without a message template, a text is asked for until a service is chosen whose templates
 * live at the provider.
 */
export function fieldControls(
  { service, services, params }: Pick<ParamsContext, 'service' | 'services' | 'params'>,
  hostControls: NodeTypes['controls'] = {},
): Record<string, FormControl> {
  const kinds = () => kindsOf(service.value, services.value ?? [])
  const isDirect = () => params.value.template === undefined
  const usesCode = () => isDirect() && kinds()[0] === 'code'
  return {
    text: { component: TextField },
    textarea: { component: TextareaField },
    number: { component: NumberField },
    switch: { component: SwitchField },
    select: { component: SelectField },
    'sms-step': { component: SmsStepField },
    json: { component: JsonField },
    value: { component: ValueField, group: true },
    'variable-name': { component: VariableNameField },
    branches: { component: BranchesField, group: true },
    recipients: { component: RecipientsField, group: true },
    'sms-service': { component: SmsServiceField },
    'message-template': { component: MessageTemplateField },
    'template-code': {
      component: TemplateCodeField,
      isShown: () => isDirect() && kinds().includes('code'),
      isRequired: usesCode,
    },
    'template-text': {
      component: TemplateTextField,
      isShown: () => isDirect() && (!usesCode() || kinds().includes('text')),
      isRequired: () => isDirect() && !usesCode(),
    },
    success: { component: SuccessField, group: true },
    'template-variables': { component: TemplateVariablesField, group: true },
    ...Object.fromEntries(Object.entries(hostControls).map(([name, component]) => [name, { component }])),
  }
}

/** What the chosen service sends, and then those that take over from it: an approved template, or a text. */
function kindsOf(
  service: SmsServiceSummary | undefined,
  services: readonly SmsServiceSummary[],
): ('code' | 'text')[] {
  const chain: SmsServiceSummary[] = []
  for (let next = service; next && !chain.includes(next);) {
    chain.push(next)
    next = services.find(({ id }) => id === chain.at(-1)!.fallback)
  }
  return chain.map(({ provider }) => smsProviders[provider].template)
}
