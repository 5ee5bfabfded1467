import {
  autocompletion,
  closeBrackets,
  completionKeymap,
  type Completion,
  type CompletionSource,
} from '@codemirror/autocomplete'
import { linter } from '@codemirror/lint'
import { Decoration, EditorView, keymap, MatchDecorator, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import type { FormulaFault } from './formula-check.ts'
import type { FunctionWord } from './formula-words.ts'
import { openEditor } from './open-editor.ts'
import type { ValueName } from './value-names.ts'

export interface FormulaEditorOptions {
  source: string
  /** Name for screen readers. */
  label: string
  describedBy: string | undefined
  /** What completion offers. */
  names(): readonly ValueName[]
  functions(): readonly FunctionWord[]
  check(source: string): FormulaFault | null
  onChange(source: string): void
}

export interface FormulaEditor {
  setSource(source: string): void
  focus(): void
  close(): void
}

/** Texts, numbers, words of the language and functions, each in one pass over the visible lines. */
const colours = new MatchDecorator({
  regexp:
    /(?<text>'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?)|(?<number>\b\d+(?:\.\d+)?)|(?<word>\b(?:true|false|null|and|or|not)\b|[\p{L}_][\p{L}\p{N}_]*(?=\s*\())|[\p{L}_][\p{L}\p{N}_.]*/giu,
  decoration({ groups }) {
    const kind = groups?.text ? 'text' : groups?.number ? 'number' : groups?.word ? 'word' : null
    return kind ? Decoration.mark({ class: `formula-${kind}` }) : null
  },
})
const highlighting = ViewPlugin.define(
  (view) => ({
    decorations: colours.createDeco(view),
    update(update: ViewUpdate) {
      this.decorations = colours.updateDeco(update, this.decorations)
    },
  }),
  { decorations: (plugin) => plugin.decorations },
)

const theme = EditorView.theme({
  '.cm-content': { fontFamily: 'var(--sms-font-mono)' },
  '.formula-text': { color: 'var(--sms-color-success)' },
  '.formula-number': { color: 'var(--sms-color-warning)' },
  '.formula-word': { color: 'var(--sms-color-accent)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--sms-color-surface-raised)',
    color: 'var(--sms-color-text)',
    border: '1px solid var(--sms-color-border)',
    borderRadius: 'var(--sms-radius-s)',
    boxShadow: 'var(--sms-shadow-m)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--sms-color-accent)',
    color: 'var(--sms-color-accent-text)',
  },
  '.cm-completionDetail': { color: 'var(--sms-color-text-muted)', fontStyle: 'normal' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionInfo': { maxWidth: '320px', fontFamily: 'var(--sms-font)' },
  '.cm-completionInfo p': { margin: '0 0 var(--sms-space-1)' },
})

/** Opens an editor that colours a formula, completes names and functions, and marks the first fault. */
export function openFormulaEditor(host: HTMLElement, options: FormulaEditorOptions): FormulaEditor {
  const { source, label, describedBy, onChange } = options
  const editor = openEditor(host, {
    ...{ text: source, label, describedBy, onChange },
    extensions: [
      keymap.of(completionKeymap),
      closeBrackets(),
      highlighting,
      theme,
      autocompletion({ override: [completionSource(options)], icons: false }),
      linter((view) => {
        const fault = options.check(view.state.doc.toString())
        return fault
          ? [{ from: fault.from, to: fault.to, severity: fault.severity, message: fault.text }]
          : []
      }),
    ],
  })
  return { setSource: editor.setText, focus: () => editor.view.focus(), close: editor.close }
}

function completionSource(options: FormulaEditorOptions): CompletionSource {
  return (context) => {
    const word = context.matchBefore(/[\p{L}\p{N}_.]+$/u)
    if (!word && !context.explicit) return null
    return {
      from: word?.from ?? context.pos,
      options: completions(options),
      validFor: /^[\p{L}\p{N}_.]*$/u,
    }
  }
}

function completions(options: FormulaEditorOptions): Completion[] {
  return [
    ...options
      .names()
      .map(({ path, label }) => ({ label: path, detail: label === path ? '' : label, boost: 1 })),
    ...options.functions().map((each) => ({
      label: each.word,
      apply: each.insert,
      detail: each.detail,
      ...(each.help !== '' && { info: () => helpNode(each) }),
    })),
  ]
}

/** What stands beside the list while a function is chosen. */
function helpNode({ help, example }: FunctionWord): HTMLElement {
  const node = document.createElement('div')
  for (const text of [help, example]) node.appendChild(document.createElement('p')).textContent = text
  return node
}
