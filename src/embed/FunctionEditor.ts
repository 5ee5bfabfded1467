import { defineComponent, h, onBeforeUnmount, onMounted, useTemplateRef, watch, type PropType } from 'vue'
import type { Host } from '../api/host.ts'
import type { Locale } from '../i18n/index.ts'
import { mountFunctionEditor, type MountedEditor } from './mount-function-editor.ts'

/** `<FunctionEditor function-name="night-shift-alarm" locale="zh-CN" />` for a Vue 3 application. */
export const FunctionEditor = defineComponent({
  name: 'FunctionEditor',
  props: {
    functionName: { type: String, required: true },
    host: { type: Object as PropType<Host>, default: undefined },
    locale: { type: String as PropType<Locale>, default: undefined },
  },
  emits: { unsaved: (_isUnsaved: boolean) => true },
  setup(props, { emit }) {
    const element = useTemplateRef<HTMLElement>('element')
    let editor: MountedEditor | undefined
    let latest = 0

    /** A change of function or language makes a new editor; only the latest of several quick changes stays. */
    async function renew() {
      const number = ++latest
      editor?.unmount()
      editor = undefined
      const made = await mountFunctionEditor(element.value!, {
        ...props,
        onUnsaved: (isUnsaved) => emit('unsaved', isUnsaved),
      })
      if (number === latest) editor = made
      else made.unmount()
    }

    onMounted(renew)
    watch(() => [props.functionName, props.host, props.locale], renew)
    onBeforeUnmount(() => {
      latest++
      editor?.unmount()
    })
    return () => h('div', { ref: 'element', style: { height: '100%' } })
  },
})
