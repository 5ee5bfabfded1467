import { h } from 'vue'
import type { Locale, Texts } from '../i18n/index.ts'
import type { HostNodes } from '../node-types/useNodeTypes.ts'
import EmbeddedFunction from './EmbeddedFunction.vue'
import { mountInFrame, type FrameOptions } from './mount-in-frame.ts'

export interface FunctionEditorOptions extends FrameOptions, HostNodes {
  /** Name of the function to edit. */
  functionName: string
  /** Merged over the editor's own: `nodes.<type>.title`, `.help`, `.ports.<id>`, `.params.<name>.label` and `.help`. */
  texts?: Partial<Record<Locale, Texts>> | undefined
  /** Called when there are unsaved changes, and when there are none any more. */
  onUnsaved?: ((isUnsaved: boolean) => void) | undefined
}

export interface MountedEditor {
  unmount(): void
}

/**
 * Puts an editor of one function into an element, which gives it its size. Each editor is an application of its own,
 * with its own stores and texts: two can share a page, and the page may be built with anything. Dialogs and menus
 * go into an element of the editor's own at the end of the page.
 */
export function mountFunctionEditor(
  element: HTMLElement,
  { functionName, onUnsaved, ...options }: FunctionEditorOptions,
): Promise<MountedEditor> {
  const editor = () =>
    h(EmbeddedFunction, { functionName, onUnsaved: (isUnsaved: boolean) => onUnsaved?.(isUnsaved) })
  return mountInFrame(element, editor, options)
}
