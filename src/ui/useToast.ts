import { inject, ref, type InjectionKey, type Ref } from 'vue'

export interface Toast {
  kind: 'success' | 'error' | 'info'
  title: string
  text?: string | undefined
  action?: { label: string; run: () => void }
}
export interface Toasts {
  shown: Ref<(Toast & { id: number })[]>
  show(toast: Toast): void
  close(id: number): void
}
export const toastKey: InjectionKey<Toasts> = Symbol('sms-logic toasts')

/** At most four notices are on the page at once: the oldest make room. */
const MOST = 4

export function createToasts(): Toasts {
  const shown: Toasts['shown'] = ref([])
  let last = 0
  return {
    shown,
    show(toast) {
      shown.value = [...shown.value, { ...toast, id: (last += 1) }].slice(-MOST)
    },
    close(id) {
      shown.value = shown.value.filter((toast) => toast.id !== id)
    },
  }
}

/** `const toast = useToast(); toast({ kind: 'success', title })` — needs a UiProvider above. */
export function useToast(): Toasts['show'] {
  const toasts = inject(toastKey)
  if (!toasts) throw new Error('<UiProvider> is missing above this component')
  return toasts.show
}
