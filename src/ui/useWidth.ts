import { onBeforeUnmount, onMounted, ref, type Ref, type ShallowRef } from 'vue'

/** Width of an element in pixels, as it changes; 0 until it is in the page. */
export function useWidth(element: Readonly<ShallowRef<HTMLElement | null>>): Ref<number> {
  const width = ref(0)
  let observer: ResizeObserver | undefined
  onMounted(() => {
    observer = new ResizeObserver(([entry]) => {
      // a page whose tab is not shown has no width: it keeps the one it had
      if (entry!.contentRect.width > 0) width.value = entry!.contentRect.width
    })
    if (element.value) observer.observe(element.value)
  })
  onBeforeUnmount(() => observer?.disconnect())
  return width
}
