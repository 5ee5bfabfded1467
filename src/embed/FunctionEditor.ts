import { defineComponent, h, onBeforeUnmount, onMounted, useTemplateRef, watch, type PropType } from 'vue'
import type { Host } from '../api/host.ts'
import type { Locale } from '../i18n/index.ts'
import {
  mountFunctionEditor,
  type FunctionEditorOptions,
  type MountedEditor,
} from './mount-function-editor.ts'

type Optional<Name extends keyof FunctionEditorOptions> = PropType<NonNullable<FunctionEditorOptions[Name]>>

/**
 * `<FunctionEditor function-name="night-shift-alarm" locale="zh-CN" />` for a Vue 3 application.
 * `nodes`, `texts`, `controls` and `icons` count as they are when an editor is made, later changes of them do not.
 */
export const FunctionEditor = defineComponent({
  name: 'FunctionEditor',
  props: {
    functionName: { type: String, required: true },
    host: { type: Object as PropType<Host>, default: undefined },
    locale: { type: String as PropType<Locale>, default: undefined },
    nodes: { type: Array as Optional<'nodes'>, default: undefined },
    texts: { type: Object as Optional<'texts'>, default: undefined },
    controls: { type: Object as Optional<'controls'>, default: undefined },
    icons: { type: Object as Optional<'icons'>, default: undefined },
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
