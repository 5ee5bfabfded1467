import { createPinia } from 'pinia'
import { createApp } from 'vue'
import type { VNode } from 'vue'
import { apiKey, createApi } from '../api/client.ts'
import { httpHost, type Host } from '../api/host.ts'
import { createI18n, i18nKey, loadTexts, mergeTexts, preferredLocale } from '../i18n/index.ts'
import type { Locale, Texts } from '../i18n/index.ts'
import { createNodeTypes, nodeTypesKey, type HostNodes } from '../node-types/useNodeTypes.ts'
import { editorFrameKey } from '../ui/index.ts'
import '../ui/tokens.css'
import '../ui/elements.css'
import './embed.css'

/** What everything that is embedded takes. */
export interface FrameOptions {
  /** How it reaches the server; without one it asks the origin of the page. */
  host?: Host | undefined
  /** The browser's language unless said otherwise. */
  locale?: Locale | undefined
  /** Merged over the product's own texts. */
  texts?: Partial<Record<Locale, Texts>> | undefined
}

/** How many were mounted: the ids of two of them, and of a host's own Vue application, must differ. */
let mounted = 0

/**
 * Puts an application of its own, with its own stores and texts, into an element of a page that may be built with
 * anything. Dialogs and menus go into an element of their own at the end of the page.
 */
export async function mountInFrame(
  element: HTMLElement,
  render: () => VNode,
  { host, locale, texts, ...nodes }: FrameOptions & HostNodes,
): Promise<{ unmount(): void }> {
  const i18n = await createI18n(locale ?? preferredLocale(null, navigator.languages), async (language) =>
    mergeTexts([await loadTexts(language), texts?.[language] ?? {}]),
  )
  const frame = newElement('sms-logic sms-logic-editor', i18n.locale.value)
  const layers = newElement('sms-logic sms-logic-layers', i18n.locale.value)
  element.append(frame)
  document.body.append(layers)

  const app = createApp({ render })
  app.config.idPrefix = `sms-${++mounted}`
  app.use(createPinia())
  app.provide(i18nKey, i18n)
  app.provide(apiKey, createApi(host ?? httpHost()))
  app.provide(nodeTypesKey, createNodeTypes(nodes))
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
