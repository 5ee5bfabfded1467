import { inject, provide, type InjectionKey } from 'vue'

const key: InjectionKey<`nodes.${string}`> = Symbol('sms-logic form texts')

/** Tells the fields of a form where its texts are: `<texts>.<name>.options.<value>`. */
export function provideFormTexts(texts: `nodes.${string}`) {
  provide(key, texts)
}

export function useFormTexts(): `nodes.${string}` | undefined {
  return inject(key, undefined)
}
