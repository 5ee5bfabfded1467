import { onBeforeUnmount, ref, shallowRef, type ShallowRef } from 'vue'
import type { CanvasContext } from './canvas-context.ts'

const NOTICE_MS = 4_000
/** Room kept for a notice at the right and lower edge. */
const NOTICE_SIZE = { width: 320, height: 80 }
/** Distance from the pointer. */
const OFFSET = 16

/** Texts that come and go: next to the pointer for those who see, in a polite live region for those who listen. */
export function useCanvasNotices(
  root: Readonly<ShallowRef<HTMLElement | null>>,
  { props, pointer }: Pick<CanvasContext, 'props' | 'pointer'>,
) {
  const notice = shallowRef<{ text: string; left: number; top: number } | null>(null)
  const announcement = ref('')
  let timer = 0

  const announce: CanvasContext['announce'] = (key, params) => {
    announcement.value = props.translate(key, params)
  }

  const showNotice: CanvasContext['showNotice'] = (key, stays = true) => {
    clearTimeout(timer)
    const { left, top, width, height } = root.value!.getBoundingClientRect()
    notice.value = {
      text: props.translate(key),
      left: Math.max(8, Math.min(pointer.clientX - left + OFFSET, width - NOTICE_SIZE.width)),
      top: Math.max(8, Math.min(pointer.clientY - top + OFFSET, height - NOTICE_SIZE.height)),
    }
    announce(key)
    timer = stays ? window.setTimeout(remove, NOTICE_MS) : 0
  }

  function hideNotice() {
    if (!timer) remove()
  }

  function remove() {
    timer = 0
    notice.value = null
  }

  onBeforeUnmount(() => clearTimeout(timer))
  return { notice, announcement, announce, showNotice, hideNotice }
}
