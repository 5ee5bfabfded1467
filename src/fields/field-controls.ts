import type { FormControl } from '../forms/SchemaForm.vue'
import type { ValueType } from '../../nodes/graph/schema.ts'
import { isIdempotent, takesBody, type HttpMethod } from '../../nodes/http-request/request.ts'
import { smsProviders } from '../../nodes/services/sms/settings.ts'
import type { NodeTypes } from '../node-types/useNodeTypes.ts'
import BranchesField from './BranchesField.vue'
import FailOverCodesField from './FailOverCodesField.vue'
import HttpBodyField from './HttpBodyField.vue'
import HttpHeadersField from './HttpHeadersField.vue'
import FunctionField from './FunctionField.vue'
import FunctionInputsField from './FunctionInputsField.vue'
import JsonField from './JsonField.vue'
import KnownVariableField from './KnownVariableField.vue'
import LoginMethodField from './LoginMethodField.vue'
import MessageTemplateField from './MessageTemplateField.vue'
import MinutesField from './MinutesField.vue'
import NumberField from './NumberField.vue'
import ParallelBranchesField from './ParallelBranchesField.vue'
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
import ValueRowsField from './ValueRowsField.vue'
import VariableNameField from './VariableNameField.vue'
import type { ParamsContext } from './params-context.ts'

/** Lines that a longer text begins with. */
const TEXT_ROWS = 4

/**
 * Every field component of Set Parameters by the name that a schema calls it (`.meta({ control })`).
 * A host's own come on top. Without a message template, a text is asked for until a service is chosen whose templates
 * live at the provider.
 */
export function fieldControls(
  { chain, params, given }: Pick<ParamsContext, 'chain' | 'params' | 'given'>,
  hostControls: NodeTypes['controls'] = {},
): Record<string, FormControl> {
  const kinds = () => chain.value.map(({ provider }) => smsProviders[provider].template)
  const method = () => params.value.method as HttpMethod
  const waitsFor = () => params.value.mode !== 'until'
  const itemAction = () => params.value.action ?? 'set'
  const isTexting = () => given.length === 0 || params.value.sms === true
  const isDirect = () => isTexting() && params.value.template === undefined
  const isLate = () => (params.value.late ?? 'nothing') !== 'nothing'
  const isHandedOn = () => params.value.late === 'transfer'
  const usesCode = () => isDirect() && kinds()[0] === 'code'
  return {
    text: { component: TextField },
    textarea: { component: TextareaField },
    number: { component: NumberField },
    switch: { component: SwitchField },
    select: { component: SelectField },
    'sms-step': { component: SmsStepField },
    'login-method': { component: LoginMethodField },
    json: { component: JsonField },
    value: { component: ValueField, group: true },
    'text-value': { component: ValueField, group: true, props: (label) => ({ expects: 'text', label }) },
    'text-lines': {
      component: ValueField,
      group: true,
      props: (label) => ({ expects: 'text', label, rows: TEXT_ROWS }),
    },
    'condition-value': {
      component: ValueField,
      group: true,
      props: (label) => ({ expects: 'condition', label }),
    },
    'wait-amount': needed(waitsFor, 'number'),
    'wait-unit': { component: SelectField, isShown: waitsFor },
    'wait-until': needed(() => !waitsFor(), 'datetime'),
    'set-item-key': needed(() => itemAction() !== 'append'),
    'set-item-value': needed(() => itemAction() !== 'remove'),
    'value-rows': { component: ValueRowsField, group: true },
    'http-headers': { component: HttpHeadersField, group: true },
    'http-body': { component: HttpBodyField, group: true, isShown: () => takesBody(method()) },
    'http-may-repeat': { component: SwitchField, isShown: () => !isIdempotent(method()) },
    'variable-name': { component: VariableNameField },
    'known-variable': { component: KnownVariableField },
    branches: { component: BranchesField, group: true },
    'parallel-branches': { component: ParallelBranchesField, group: true },
    function: { component: FunctionField },
    'function-inputs': { component: FunctionInputsField, group: true },
    recipients: { component: RecipientsField, group: true },
    'approval-minutes': minutes(),
    'approval-late-minutes': minutes(isLate),
    'approval-late-recipients': {
      component: RecipientsField,
      group: true,
      isShown: isHandedOn,
      isRequired: isHandedOn,
    },
    'approval-sms-after': minutes(isTexting),
    'approval-sms-decides': { component: SwitchField, isShown: isTexting },
    'sms-service': {
      component: SmsServiceField,
      isShown: isTexting,
      isRequired: () => given.length > 0,
    },
    'message-template': { component: MessageTemplateField, isShown: isTexting },
    'template-code': {
      component: TemplateCodeField,
      isShown: () => isDirect() && kinds().includes('code'),
      isRequired: usesCode,
    },
    'fail-over-codes': {
      component: FailOverCodesField,
      group: true,
      isShown: () => isDirect() && kinds().filter((kind) => kind === 'code').length > 1,
    },
    'template-text': {
      component: TemplateTextField,
      group: true,
      props: (label) => ({ label }),
      isShown: () => isDirect() && (!usesCode() || kinds().includes('text')),
      isRequired: () => isDirect() && !usesCode(),
    },
    success: { component: SuccessField, group: true },
    'template-variables': { component: TemplateVariablesField, group: true, isShown: isTexting },
    ...Object.fromEntries(Object.entries(hostControls).map(([name, component]) => [name, { component }])),
  }
}

/** Minutes, typed with a unit. */
function minutes(isShown?: () => boolean): FormControl {
  return { component: MinutesField, group: true, props: (label) => ({ label }), isShown }
}

/** A value that one choice in the dialog cannot do without, and the others do not have. */
function needed(isNeeded: () => boolean, type?: ValueType): FormControl {
  return {
    component: ValueField,
    group: true,
    props: (label) => ({ label, required: true, type }),
    isShown: isNeeded,
    isRequired: isNeeded,
  }
}
