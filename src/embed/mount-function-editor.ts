import { createPinia } from 'pinia'
import { createApp, h } from 'vue'
import { apiKey, createApi } from '../api/client.ts'
import { httpHost, type Host } from '../api/host.ts'
import { createI18n, i18nKey, loadTexts, mergeTexts, preferredLocale } from '../i18n/index.ts'
import type { Locale, Texts } from '../i18n/index.ts'
import { createNodeTypes, nodeTypesKey, type HostNodes } from '../node-types/useNodeTypes.ts'
import { editorFrameKey } from '../ui/index.ts'
import '../ui/tokens.css'
import '../ui/elements.css'
import './embed.css'
import EmbeddedFunction from './EmbeddedFunction.vue'

export interface FunctionEditorOptions extends HostNodes {
  /** Name of the function to edit. */
  functionName: string
  /** How the editor reaches the server; without one it asks the origin of the page. */
  host?: Host | undefined
  /** The browser's language unless said otherwise. */
  locale?: Locale | undefined
  /** Merged over the editor's own: `nodes.<type>.title`, `.help`, `.ports.<id>`, `.params.<name>.label` and `.help`. */
  texts?: Partial<Record<Locale, Texts>> | undefined
  /** Called when there are unsaved changes, and when there are none any more. */
  onUnsaved?: ((isUnsaved: boolean) => void) | undefined
}

export interface MountedEditor {
  unmount(): void
}

/** How many were mounted: the ids of two editors, and of a host's own Vue application, must differ. */
let mounted = 0

/**
 * Puts an editor of one function into an element, which gives it its size. Each editor is an application of its own,
 * with its own stores and texts: two can share a page, and the page may be built with anything. Dialogs and menus
 * go into an element of the editor's own at the end of the page.
 */
export async function mountFunctionEditor(
  element: HTMLElement,
  options: FunctionEditorOptions,
): Promise<MountedEditor> {
  const { functionName, host, locale, texts, onUnsaved } = options
  const i18n = await createI18n(locale ?? preferredLocale(null, navigator.languages), async (language) =>
    mergeTexts([await loadTexts(language), texts?.[language] ?? {}]),
  )
  const frame = newElement('sms-logic sms-logic-editor', i18n.locale.value)
  const layers = newElement('sms-logic sms-logic-layers', i18n.locale.value)
  element.append(frame)
  document.body.append(layers)

  const app = createApp({
    render: () =>
      h(EmbeddedFunction, { functionName, onUnsaved: (isUnsaved: boolean) => onUnsaved?.(isUnsaved) }),
  })
  app.config.idPrefix = `sms-${++mounted}`
  app.use(createPinia())
  app.provide(i18nKey, i18n)
  app.provide(apiKey, createApi(host ?? httpHost()))
  app.provide(nodeTypesKey, createNodeTypes(options))
  app.provide(editorFrameKey, { layers, keys: frame })
  app.mount(frame)
  return {
    unmount() {
      app.unmount()
      frame.remove()
      layers.remove()
    },
  }
}

function newElement(className: string, language: Locale): HTMLElement {
  const element = document.createElement('div')
  element.className = className
  element.lang = language
  return element
}
