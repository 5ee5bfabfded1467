import { h } from 'vue'
import EmbeddedInbox from './EmbeddedInbox.vue'
import { mountInFrame, type FrameOptions } from './mount-in-frame.ts'

export interface InboxOptions extends FrameOptions {
  /**
   * Whose inbox. The host's server must hand on only requests for the inbox of the person who is signed in: what the
   * page says about itself proves nothing.
   */
  memberId: string
  /** Goes to a place within the host's application, such as `/orders/7`; without it a link opens in a new tab. */
  followPlace?: ((place: string) => void) | undefined
  /** Called with the number of entries that are not read yet, each time that it is known anew. */
  onUnread?: ((count: number) => void) | undefined
}

/** Puts the inbox of a member into an element, which gives it its size. Live until it is unmounted. */
export function mountInbox(
  element: HTMLElement,
  { memberId, followPlace, onUnread, ...options }: InboxOptions,
): Promise<{ unmount(): void }> {
  const inbox = () =>
    h(EmbeddedInbox, { memberId, followPlace, onUnread: (count: number) => onUnread?.(count) })
  return mountInFrame(element, inbox, options)
}
