import { defineComponent, h, onBeforeUnmount, onMounted, useTemplateRef, watch, type PropType } from 'vue'
import type { Host } from '../api/host.ts'
import type { Locale } from '../i18n/index.ts'
import { mountLogin } from './mount-login.ts'

/** `<MobileLogin :host @signed-in="reload" />` for a Vue 3 application. */
export const MobileLogin = defineComponent({
  name: 'MobileLogin',
  props: {
    host: { type: Object as PropType<Host>, default: undefined },
    locale: { type: String as PropType<Locale>, default: undefined },
  },
  emits: { 'signed-in': (_name: string) => true },
  setup(props, { emit }) {
    const element = useTemplateRef<HTMLElement>('element')
    let login: { unmount(): void } | undefined
    let latest = 0

    /** A change of host or language makes a new form; only the latest of several quick changes stays. */
    async function renew() {
      const number = ++latest
      login?.unmount()
      login = undefined
      const made = await mountLogin(element.value!, {
        ...props,
        onSignedIn: (name) => emit('signed-in', name),
      })
      if (number === latest) login = made
      else made.unmount()
    }

    onMounted(renew)
    watch(() => [props.host, props.locale], renew)
    onBeforeUnmount(() => {
      latest++
      login?.unmount()
    })
    return () => h('div', { ref: 'element' })
  },
})
