import { inject, type InjectionKey } from 'vue'

/** Where an editor stands on the page. */
export interface EditorFrame {
  /** The element that dialogs, menus and tooltips are put into, or its selector. */
  layers: string | HTMLElement
  /** Where the keys of the whole editor are listened for. */
  keys: EventTarget
}

export const editorFrameKey: InjectionKey<EditorFrame> = Symbol('sms-logic editor frame')

/** The place of the editor this component belongs to; the application has the whole page. */
export function useEditorFrame(): EditorFrame {
  return inject(editorFrameKey, () => ({ layers: 'body', keys: window }), true)
}
