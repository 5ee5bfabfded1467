import { describe, expect, it } from 'vitest'
import { readKey } from '../../../src/canvas/canvas-keys.ts'

const press = (key: string, held: Partial<KeyboardEvent> = {}) =>
  readKey({ key, code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held })

describe('canvas keys', () => {
  it.each([
    ['Ctrl+Z', press('z', { ctrlKey: true }), 'undo'],
    ['⌘Z', press('z', { metaKey: true }), 'undo'],
    ['Ctrl+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true }), 'redo'],
    ['Ctrl+Y', press('y', { ctrlKey: true }), 'redo'],
    ['Ctrl+D', press('d', { ctrlKey: true }), 'duplicate'],
    ['Ctrl+A', press('a', { ctrlKey: true }), 'select-all'],
    ['Delete', press('Delete'), 'delete'],
    ['Backspace', press('Backspace'), 'delete'],
    ['Shift+1', press('!', { code: 'Digit1', shiftKey: true }), 'fit'],
    ['Shift+0', press(')', { code: 'Digit0', shiftKey: true }), 'actual-size'],
    ['Shift+F10', press('F10', { shiftKey: true }), 'menu'],
    ['Enter', press('Enter'), 'edit'],
    ['C', press('c'), 'connect'],
  ])('reads %s', (_, action, expected) => {
    expect(action?.do).toBe(expected)
  })

  it('moves a node by one step of the grid with Alt, by ten with Shift', () => {
    expect(press('ArrowLeft', { altKey: true })).toEqual({ do: 'nudge', dx: -8, dy: 0 })
    expect(press('ArrowDown', { altKey: true, shiftKey: true })).toEqual({ do: 'nudge', dx: 0, dy: 80 })
  })

  it.each([
    ['copying', press('c', { ctrlKey: true })],
    ['pasting', press('v', { ctrlKey: true })],
    ['reloading', press('r', { ctrlKey: true })],
    ['Tab', press('Tab')],
  ])('leaves %s to the browser', (_, action) => {
    expect(action).toBeNull()
  })
})
