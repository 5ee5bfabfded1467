/** One press, move and release of the pointer. */
export interface PointerGesture {
  move(event: PointerEvent): void
  end(event: PointerEvent): void
  /** The browser or Escape ended it: put everything back. */
  cancel(): void
}

/** Leads the pointer's events to a gesture until it ends, wherever the pointer goes. */
export function followPointer({ pointerId }: PointerEvent, gesture: PointerGesture): void {
  const ended = new AbortController()
  const mine = (handle: (event: PointerEvent) => void) => (event: PointerEvent) => {
    if (event.pointerId === pointerId) handle(event)
  }
  const options = { signal: ended.signal }
  const cancel = () => {
    ended.abort()
    gesture.cancel()
  }
  addEventListener('pointermove', mine(gesture.move), options)
  addEventListener(
    'pointerup',
    mine((event) => {
      ended.abort()
      gesture.end(event)
    }),
    options,
  )
  addEventListener('pointercancel', mine(cancel), options)
  addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      cancel()
    },
    { ...options, capture: true },
  )
}
