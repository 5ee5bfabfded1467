import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from 'vue'

/** Calls again and again while the page is the one that is seen: its tab is open and so is the browser's. */
export function usePolling(poll: () => Promise<void>, everyMs: number): void {
  let timer: ReturnType<typeof setTimeout> | undefined

  async function next() {
    if (!document.hidden) await poll()
    if (timer !== undefined) timer = setTimeout(next, everyMs)
  }
  function begin() {
    timer ??= setTimeout(next, everyMs)
  }
  function end() {
    clearTimeout(timer)
    timer = undefined
  }
  // a part that opens on a page which is seen already is not activated
  onMounted(begin)
  onActivated(begin)
  onDeactivated(end)
  onBeforeUnmount(end)
}
