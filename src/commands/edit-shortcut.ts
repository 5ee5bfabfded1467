/** What people know from every editor, on the canvas as in the outline. Copy, cut and paste are events of their own. */
export type EditShortcut = { do: 'undo' | 'redo' | 'duplicate' | 'select-all' }

type Key = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey'>

/** Reads a key that was pressed together with Ctrl or Command. */
export function readEditShortcut({ key, shiftKey, altKey }: Key): EditShortcut | null {
  if (altKey) return null
  switch (key.toLowerCase()) {
    case 'z':
      return { do: shiftKey ? 'redo' : 'undo' }
    case 'y':
      return { do: 'redo' }
    case 'd':
      return { do: 'duplicate' }
    case 'a':
      return { do: 'select-all' }
    default:
      return null
  }
}
