import { onActivated, onBeforeUnmount, onDeactivated } from 'vue'

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
  onActivated(begin)
  onDeactivated(end)
  onBeforeUnmount(end)
}
