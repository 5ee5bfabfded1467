import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'

export interface OpenEditorOptions {
  text: string
  /** Name for screen readers. */
  label: string
  describedBy: string | undefined
  onChange(text: string): void
  extensions: Extension
}

export interface OpenEditor {
  readonly view: EditorView
  setText(text: string): void
  close(): void
}

const theme = EditorView.theme({
  '&': { color: 'var(--sms-color-text)', backgroundColor: 'transparent', fontSize: 'var(--sms-text-m)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': { caretColor: 'var(--sms-color-text)', minHeight: '32px' },
  '.cm-cursor': { borderLeftColor: 'var(--sms-color-text)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'var(--sms-color-accent-soft)',
  },
})

/**
 * Typing over a selection is done by the editor: Chromium would carry the colour of the word that was there into the new
 * text as an inline style, which a strict `style-src` refuses and reports.
 */
const typingOver = EditorView.domEventHandlers({
  beforeinput({ inputType, data }, view) {
    if (inputType !== 'insertText' || data === null || view.composing) return false
    const { from, to } = selectedInPage(view) ?? view.state.selection.main
    if (from === to) return false
    const insert = () =>
      view.state.update({
        changes: { from, to, insert: data },
        selection: { anchor: from + data.length },
        userEvent: 'input.type',
        scrollIntoView: true,
      })
    const handlers = view.state.facet(EditorView.inputHandler)
    if (!handlers.some((handle) => handle(view, from, to, data, insert))) view.dispatch(insert())
    return true
  },
})

/**
 * What is selected in the page: the editor hears of a new selection a little later. Only Chromium, which this is for, tells
 * it of a shadow root.
 */
function selectedInPage(view: EditorView): { from: number; to: number } | null {
  const selection = (view.root as Partial<Document>).getSelection?.()
  const { anchorNode, focusNode } = selection ?? {}
  if (!selection || !anchorNode || !focusNode) return null
  if (!view.contentDOM.contains(anchorNode) || !view.contentDOM.contains(focusNode)) return null
  const anchor = view.posAtDOM(anchorNode, selection.anchorOffset)
  const head = view.posAtDOM(focusNode, selection.focusOffset)
  return { from: Math.min(anchor, head), to: Math.max(anchor, head) }
}

/**
 * Opens a CodeMirror editor. It lives in a shadow root: there its styles are constructed style sheets, which a
 * strict `style-src` allows, while `<style>` elements in the page would be refused.
 */
export function openEditor(host: HTMLElement, options: OpenEditorOptions): OpenEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open', delegatesFocus: true })
  const parent = root.appendChild(document.createElement('div'))
  const view = new EditorView({
    root,
    parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        history(),
        options.extensions,
        typingOver,
        theme,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          'aria-label': options.label,
          ...(options.describedBy ? { 'aria-describedby': options.describedBy } : {}),
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString())
        }),
        keymap.of([...defaultKeymap, ...historyKeymap]),
      ],
    }),
  })
  return {
    view,
    setText(text) {
      const current = view.state.doc.toString()
      if (current !== text) view.dispatch({ changes: { from: 0, to: current.length, insert: text } })
    },
    close() {
      view.destroy()
      parent.remove()
    },
  }
}
