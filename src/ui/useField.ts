import { inject, type ComputedRef, type InjectionKey } from 'vue'

/** What UiField tells the control inside it. */
export interface FieldContext {
  id: string
  labelId: string
  describedBy: string | undefined
  invalid: boolean
  required: boolean
}
export const fieldKey: InjectionKey<ComputedRef<FieldContext> | undefined> = Symbol('sms-logic field')

/** Ids and state of the UiField around this control; undefined outside a field. */
export function useField(): ComputedRef<FieldContext> | undefined {
  return inject(fieldKey, undefined)
}
