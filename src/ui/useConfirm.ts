import { inject, onDeactivated, shallowRef, type InjectionKey, type ShallowRef } from 'vue'

export interface Question {
  title: string
  text?: string
  /** Label of the button that means yes. */
  action: string
  /** True where saying yes destroys something. */
  danger?: boolean
}
export interface OpenQuestion extends Question {
  answer(yes: boolean): void
}

/** Asks before something happens. One question at a time; a second one answers the first with no. */
export interface Confirm {
  question: ShallowRef<OpenQuestion | null>
  ask(question: Question): Promise<boolean>
}
export const confirmKey: InjectionKey<Confirm> = Symbol('sms-logic confirm')

export function createConfirm(): Confirm {
  const question = shallowRef<OpenQuestion | null>(null)
  function ask(asked: Question): Promise<boolean> {
    question.value?.answer(false)
    return new Promise((resolve) => {
      question.value = {
        ...asked,
        answer(yes) {
          question.value = null
          resolve(yes)
        },
      }
    })
  }
  return { question, ask }
}

/**
 * `const confirm = useConfirm(); if (await confirm({ title, action, danger: true })) …` — needs a UiProvider above.
 * Whoever leaves the page while it is asked has said no.
 */
export function useConfirm(): Confirm['ask'] {
  const confirm = inject(confirmKey)
  if (!confirm) throw new Error('<UiProvider> is missing above this component')
  onDeactivated(() => confirm.question.value?.answer(false))
  return confirm.ask
}
