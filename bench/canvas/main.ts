import { createPinia } from 'pinia'
import { createApp, h, nextTick, ref, shallowRef } from 'vue'
import { nodeDefinitions } from '../../nodes/index.ts'
import FlowCanvas from '../../src/canvas/FlowCanvas.vue'
import { createI18n, isLocale } from '../../src/i18n/index.ts'
import { useGraphStore } from '../../src/stores/graph-store.ts'
import '../../src/ui/tokens.css'
import './page.css'
import { benchGraph } from './bench-graph.ts'

/** The page takes `?nodes=1000&locale=zh-CN`; the bench drives it through `window.bench`. */
const query = new URLSearchParams(location.search)
const locale = query.get('locale')
const i18n = await createI18n(isLocale(locale) ? locale : 'en')
const pinia = createPinia()
const store = useGraphStore('bench', pinia)
const canvas = ref<InstanceType<typeof FlowCanvas>>()
const isShown = shallowRef(false)
const events: unknown[] = []
const note = (name: string) => (detail: unknown) => void events.push({ name, detail })

const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))

/** Time until the graph is drawn and two frames have passed. */
async function load(nodes: number): Promise<number> {
  const graph = benchGraph(nodes)
  isShown.value = false
  await nextTick()
  const start = performance.now()
  store.load(graph)
  isShown.value = true
  await nextTick()
  await frame()
  await frame()
  return performance.now() - start
}

const bench = { store, canvas, load, events, definitions: nodeDefinitions }
declare global {
  interface Window {
    bench: typeof bench
  }
}
window.bench = bench

createApp({
  render: () =>
    isShown.value &&
    h(FlowCanvas, {
      ref: canvas,
      store,
      definitions: nodeDefinitions,
      translate: i18n.t,
      locale: i18n.locale.value,
      summary: (node) => String(node.params['templateText'] ?? node.params['name'] ?? ''),
      onEditNode: note('edit-node'),
      onQuickAdd: note('quick-add'),
      onContextMenu: note('context-menu'),
      onConnectTo: note('connect-to'),
    }),
})
  .use(pinia)
  .mount('#app')
await load(Number(query.get('nodes') ?? 40))
document.documentElement.dataset['ready'] = 'true'
