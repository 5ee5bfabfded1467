import { readEditShortcut } from '../../../commands/edit-shortcut.ts'
import type { EditShortcut } from '../../../commands/edit-shortcut.ts'

/** What a key means in the outline. */
export type OutlineAction =
  | { do: 'up' | 'down' | 'first' | 'last'; keepsSelection: boolean }
  | {
      do: 'in' | 'out' | 'add' | 'edit' | 'delete' | 'leave' | 'indent' | 'outdent' | 'move-up' | 'move-down'
    }
  | EditShortcut
  | { do: 'toggle-selection' }

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** Reads a key press; null for keys that are not the outline's. */
export function readOutlineKey({ key, ctrlKey, metaKey, shiftKey, altKey }: Key): OutlineAction | null {
  if (ctrlKey || metaKey) return readEditShortcut({ key, shiftKey, altKey })
  if (altKey) {
    if (key === 'ArrowUp') return { do: 'move-up' }
    return key === 'ArrowDown' ? { do: 'move-down' } : null
  }
  switch (key) {
    case 'ArrowUp':
      return { do: 'up', keepsSelection: shiftKey }
    case 'ArrowDown':
      return { do: 'down', keepsSelection: shiftKey }
    case 'Home':
      return { do: 'first', keepsSelection: shiftKey }
    case 'End':
      return { do: 'last', keepsSelection: shiftKey }
    case 'ArrowRight':
      return { do: 'in' }
    case 'ArrowLeft':
      return { do: 'out' }
    case 'Enter':
      return { do: 'add' }
    case 'F2':
      return { do: 'edit' }
    case ' ':
      return { do: 'toggle-selection' }
    case 'Tab':
      return { do: shiftKey ? 'outdent' : 'indent' }
    case 'Delete':
    case 'Backspace':
      return { do: 'delete' }
    case 'Escape':
      return { do: 'leave' }
    default:
      return null
  }
}
