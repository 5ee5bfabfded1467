import { createPinia } from 'pinia'
import { createApp, h, type App } from 'vue'
import { apiKey, createApi } from '../api/client.ts'
import { httpHost, type Host } from '../api/host.ts'
import { createI18n, i18nKey, preferredLocale, type Locale } from '../i18n/index.ts'
import '../ui/tokens.css'
import './embed.css'
import EmbeddedFunction from './EmbeddedFunction.vue'

export interface FunctionEditorOptions {
  /** Name of the function to edit. */
  functionName: string
  /** How the editor reaches the server; without one it asks the origin of the page. */
  host?: Host | undefined
  /** The browser's language unless said otherwise. */
  locale?: Locale | undefined
  /** Called when there are unsaved changes, and when there are none any more. */
  onUnsaved?: ((isUnsaved: boolean) => void) | undefined
}

export interface MountedEditor {
  unmount(): void
}

/**
 * Puts an editor of one function into an element, which gives it its size. Each editor is an application of its own,
 * with its own stores and texts: two can share a page, and the page may be built with anything.
 */
export async function mountFunctionEditor(
  element: HTMLElement,
  options: FunctionEditorOptions,
): Promise<MountedEditor> {
  const i18n = await createI18n(options.locale ?? preferredLocale(null, navigator.languages))
  const app: App = createApp({
    render: () =>
      h(EmbeddedFunction, {
        functionName: options.functionName,
        onUnsaved: (isUnsaved: boolean) => options.onUnsaved?.(isUnsaved),
      }),
  })
  app.use(createPinia())
  app.provide(i18nKey, i18n)
  app.provide(apiKey, createApi(options.host ?? httpHost()))
  app.mount(element)
  return { unmount: () => app.unmount() }
}
