import { h } from 'vue'
import EmbeddedLogin from './EmbeddedLogin.vue'
import { mountInFrame, type FrameOptions } from './mount-in-frame.ts'

export interface LoginOptions extends FrameOptions {
  /** Called with the name of the person whom the server let in. */
  onSignedIn?: ((name: string) => void) | undefined
}

/** Puts signing in by a code on the phone into an element. */
export function mountLogin(
  element: HTMLElement,
  { onSignedIn, ...options }: LoginOptions = {},
): Promise<{ unmount(): void }> {
  const login = () => h(EmbeddedLogin, { onSignedIn: (name: string) => onSignedIn?.(name) })
  return mountInFrame(element, login, options)
}
