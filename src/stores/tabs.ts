import { defineStore } from 'pinia'
import { onScopeDispose, ref, watch } from 'vue'
import { formatRoute, parseRoute, tabOf, type Route } from './route.ts'
import { readStored, writeStored } from './storage.ts'

/** The open elements, and which one is shown: that is what the address bar says. */
export const useTabs = defineStore('tabs', () => {
  const open = ref<Route[]>(readTabs())
  const current = ref<Route | null>(null)
  /** Tabs whose page holds something unsaved. */
  const unsaved = ref<ReadonlySet<string>>(new Set())
  /** Raised to make the page of a tab anew, by tab. */
  const renewed = ref<Readonly<Record<string, number>>>({})

  function follow() {
    const route = parseRoute(location.hash)
    current.value = route
    if (!route) return
    const index = open.value.findIndex((tab) => tabOf(tab) === tabOf(route))
    if (index < 0) open.value = [...open.value, route]
    else open.value = open.value.with(index, route)
  }
  addEventListener('hashchange', follow)
  onScopeDispose(() => removeEventListener('hashchange', follow))
  follow()
  watch(open, (tabs) => writeStored('tabs', JSON.stringify(tabs.map(formatRoute))))

  function show(route: Route) {
    location.hash = formatRoute(route)
  }

  /** A list that is open already is shown as it was filtered. */
  function asOpened(route: Route): Route {
    if (route.page !== 'messages' && route.page !== 'runs' && route.page !== 'requests') return route
    return open.value.find((tab) => tab.page === route.page) ?? route
  }

  /** Shows it without a step for the back button: what a filter does while it is typed. */
  function replace(route: Route) {
    history.replaceState(history.state, '', `#${formatRoute(route)}`)
    follow()
  }

  /** Closes a tab; where it was the one shown, its neighbour is shown. */
  function close(route: Route) {
    const key = tabOf(route)
    const index = open.value.findIndex((tab) => tabOf(tab) === key)
    if (index < 0) return
    open.value = open.value.toSpliced(index, 1)
    setUnsaved(route, false)
    if (!current.value || tabOf(current.value) !== key) return
    const neighbour = open.value[index] ?? open.value[index - 1]
    if (neighbour) return show(neighbour)
    history.replaceState(null, '', '#/')
    current.value = null
  }

  function setUnsaved(route: Route, isUnsaved: boolean) {
    const next = new Set(unsaved.value)
    if (isUnsaved) next.add(tabOf(route))
    else next.delete(tabOf(route))
    unsaved.value = next
  }

  /** Throws the page of a tab away and makes it again, after its element was changed elsewhere. */
  function renew(route: Route) {
    const key = tabOf(route)
    renewed.value = { ...renewed.value, [key]: (renewed.value[key] ?? 0) + 1 }
  }

  return { open, current, unsaved, renewed, show, replace, asOpened, close, setUnsaved, renew }
})

function readTabs(): Route[] {
  try {
    const stored: unknown = JSON.parse(readStored('tabs') ?? '[]')
    if (!Array.isArray(stored)) return []
    return stored.map((path) => parseRoute(String(path))).filter((route) => route !== null)
  } catch {
    return []
  }
}
