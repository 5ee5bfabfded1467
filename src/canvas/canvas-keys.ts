import { readEditShortcut } from '../commands/edit-shortcut.ts'
import type { EditShortcut } from '../commands/edit-shortcut.ts'
import type { Direction } from './walk.ts'

/** What a key means on the canvas. */
export type CanvasAction =
  | { do: 'walk'; to: Direction; keepsSelection: boolean }
  | { do: 'nudge'; dx: number; dy: number }
  | EditShortcut
  | { do: 'edit' | 'delete' | 'escape' | 'connect' }
  | { do: 'fit' | 'fit-selection' | 'actual-size' | 'zoom-in' | 'zoom-out' | 'quick-add' | 'menu' }

type Key = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** Alt with an arrow moves a node by one step of the grid, with Shift by ten. */
const STEP = { x: 8, y: 8 }

const walks: Record<string, Direction> = {
  ArrowRight: 'next',
  ArrowLeft: 'previous',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
}
const nudges: Record<string, [number, number]> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** Reads a key press; `null` for keys that are not the canvas's. */
export function readKey(event: Key): CanvasAction | null {
  if (event.ctrlKey || event.metaKey) return readEditShortcut(event)
  if (event.altKey) {
    const nudge = nudges[event.key]
    const steps = event.shiftKey ? 10 : 1
    return nudge ? { do: 'nudge', dx: nudge[0] * STEP.x * steps, dy: nudge[1] * STEP.y * steps } : null
  }
  if (event.shiftKey) {
    // By position: Shift+1 types another character on each keyboard.
    if (event.code === 'Digit1') return { do: 'fit' }
    if (event.code === 'Digit2') return { do: 'fit-selection' }
    if (event.code === 'Digit0') return { do: 'actual-size' }
    if (event.key === 'F10') return { do: 'menu' }
  }
  const to = walks[event.key]
  if (to) return { do: 'walk', to, keepsSelection: event.shiftKey }
  switch (event.key) {
    case 'Enter':
      return { do: 'edit' }
    case 'Delete':
    case 'Backspace':
      return { do: 'delete' }
    case 'Escape':
      return { do: 'escape' }
    case 'ContextMenu':
      return { do: 'menu' }
    case '+':
    case '=':
      return { do: 'zoom-in' }
    case '-':
      return { do: 'zoom-out' }
    case 'c':
    case 'C':
      return { do: 'connect' }
    case 'a':
    case 'A':
      return { do: 'quick-add' }
    default:
      return null
  }
}
