import {
  EditorSelection,
  EditorState,
  Prec,
  StateEffect,
  StateField,
  type Extension,
} from '@codemirror/state'
import { Decoration, EditorView, keymap, WidgetType, type DecorationSet } from '@codemirror/view'
import { openEditor } from './open-editor.ts'

/** How a value in a text looks. */
export interface ChipLook {
  label: string
  /** Why it cannot be used. */
  fault?: string | undefined
}

export interface ChipEditorOptions {
  text: string
  /** Name for screen readers. */
  label: string
  describedBy: string | undefined
  hasLines: boolean
  maxLength: number | undefined
  /** Where in the text a value stands; group 1 is what it is. */
  pattern: RegExp
  lookOf(value: string): ChipLook
  /** What pasted and typed text becomes, and what is copied. */
  read(pasted: string): string
  write(copied: string): string
  onChange(text: string): void
  /** A person typed `{{`, which the value shall replace. */
  onOpen(): void
  /** A person wants to change a value. */
  onChip?: ((value: string) => void) | undefined
  /** Enter, where the text has one line. */
  onSubmit(): void
}

export interface ChipEditor {
  setText(text: string): void
  /** Puts text in place of the selection, or of `{{` before it. */
  insert(text: string): void
  /** The looks may have changed. */
  refresh(): void
  focus(): void
  close(): void
}

const looksChanged = StateEffect.define<null>()

/** Opens an editor of one text in which values stand as chips. */
export function openChipEditor(host: HTMLElement, options: ChipEditorOptions): ChipEditor {
  const { text, label, describedBy, onChange } = options
  const chips = chipField(options)
  const editor = openEditor(host, {
    ...{ text, label, describedBy, onChange },
    extensions: [
      theme,
      chips,
      chipKeys(options, chips),
      bracesOpen(options),
      EditorView.clipboardInputFilter.of((pasted) => options.read(pasted)),
      EditorView.clipboardOutputFilter.of((copied) => options.write(copied)),
      ...limits(options),
      EditorView.contentAttributes.of({ spellcheck: 'true', 'aria-multiline': String(options.hasLines) }),
    ],
  })
  const { view } = editor
  return {
    setText: editor.setText,
    insert(inserted) {
      const { from, to, empty } = view.state.selection.main
      const start =
        empty && openBraces.test(view.state.sliceDoc(Math.max(0, from - 2), from)) ? from - 2 : from
      view.dispatch({
        changes: { from: start, to, insert: inserted },
        selection: EditorSelection.cursor(start + inserted.length),
        userEvent: 'input.paste',
        scrollIntoView: true,
      })
    },
    refresh: () => view.dispatch({ effects: looksChanged.of(null) }),
    focus: () => view.focus(),
    close: editor.close,
  }
}

/** Each value is one thing: the caret steps over it, and Backspace takes it away whole. */
function chipField({ pattern, lookOf, onChip }: ChipEditorOptions): StateField<DecorationSet> {
  const find = (state: EditorState) =>
    Decoration.set(
      [...state.doc.toString().matchAll(pattern)].map(({ 0: whole, 1: value, index }) => {
        const widget = new Chip(value!, whole.length, lookOf(value!), onChip)
        return Decoration.replace({ widget }).range(index, index + whole.length)
      }),
    )
  return StateField.define<DecorationSet>({
    create: find,
    update: (chips, { docChanged, effects, state }) =>
      docChanged || effects.some((effect) => effect.is(looksChanged)) ? find(state) : chips,
    provide: (field) => [
      EditorView.decorations.from(field),
      EditorView.atomicRanges.of((view) => view.state.field(field)),
    ],
  })
}

class Chip extends WidgetType {
  readonly value: string
  readonly #length: number
  readonly #look: ChipLook
  readonly #onChip: ChipEditorOptions['onChip']

  /** @param length what it takes of the text */
  constructor(value: string, length: number, look: ChipLook, onChip: ChipEditorOptions['onChip']) {
    super()
    this.value = value
    this.#length = length
    this.#look = look
    this.#onChip = onChip
  }
  override eq(other: Chip): boolean {
    const [mine, theirs] = [this.#look, other.#look]
    return other.value === this.value && mine.label === theirs.label && mine.fault === theirs.fault
  }
  override toDOM(view: EditorView): HTMLElement {
    const { label, fault } = this.#look
    const chip = document.createElement('span')
    chip.className = fault === undefined ? 'chip' : 'chip chip-fault'
    chip.dataset['testid'] = 'chip'
    chip.textContent = label
    chip.title = fault ?? this.value
    chip.addEventListener('dblclick', () => {
      const start = view.posAtDOM(chip)
      view.dispatch({ selection: EditorSelection.range(start, start + this.#length) })
      this.#onChip?.(this.value)
    })
    return chip
  }
  override ignoreEvent(event: Event): boolean {
    return event.type === 'dblclick'
  }
}

/** Enter on a selected value changes it; in a text of one line it is what it is in any form. */
function chipKeys(
  { hasLines, onChip, onSubmit }: ChipEditorOptions,
  chips: StateField<DecorationSet>,
): Extension {
  return Prec.high(
    keymap.of([
      {
        key: 'Enter',
        run: (view) => {
          const { from, to } = view.state.selection.main
          let selected: Chip | undefined
          view.state.field(chips).between(from, to, (start, end, { spec }) => {
            if (start === from && end === to) selected = (spec as { widget: Chip }).widget
          })
          if (selected && onChip) onChip(selected.value)
          else if (hasLines) return false
          else onSubmit()
          return true
        },
      },
    ]),
  )
}

/** Both widths: a Chinese keyboard types the wide one. */
const openBraces = /^(?:\{\{|｛｛)$/

function bracesOpen({ read, onOpen }: ChipEditorOptions): Extension {
  return EditorView.inputHandler.of((view, from, to, typed, insert) => {
    if (view.composing) return false
    const inserted = typed.length > 1 ? read(typed) : typed
    if (inserted !== typed) {
      view.dispatch({
        changes: { from, to, insert: inserted },
        selection: EditorSelection.cursor(from + inserted.length),
        userEvent: 'input.type',
      })
      return true
    }
    if (!openBraces.test(view.state.sliceDoc(Math.max(0, from - 1), from) + typed)) return false
    view.dispatch(insert())
    onOpen()
    return true
  })
}

function limits({ hasLines, maxLength }: ChipEditorOptions): Extension[] {
  return [
    ...(hasLines
      ? []
      : [
          // a text of one line stays one, whatever is pasted
          EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\s*\r?\n\s*/g, ' ')),
        ]),
    ...(maxLength === undefined
      ? []
      : [
          EditorState.changeFilter.of(
            ({ newDoc, startState }) => newDoc.length <= Math.max(maxLength, startState.doc.length),
          ),
        ]),
  ]
}

const theme = EditorView.theme({
  '.cm-content': {
    fontFamily: 'var(--sms-font)',
    padding: '4px 0',
    minHeight: 'var(--sms-chip-text-height, 32px)',
  },
  '.cm-line': { padding: '0 10px', lineHeight: '22px' },
  '.chip': {
    display: 'inline-block',
    boxSizing: 'border-box',
    maxWidth: '100%',
    height: '20px',
    padding: '0 6px',
    margin: '0 1px',
    borderRadius: 'var(--sms-radius-s)',
    backgroundColor: 'var(--sms-color-accent-soft)',
    lineHeight: '20px',
    fontSize: 'var(--sms-text-s)',
    verticalAlign: 'middle',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    cursor: 'default',
  },
  '.chip-fault': {
    backgroundColor: 'var(--sms-color-danger-soft)',
    color: 'var(--sms-color-danger)',
  },
})
