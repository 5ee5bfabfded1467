import { expect, test } from 'vitest'
import { writeMixedText } from '../../../nodes/values/mixed-text.ts'
import {
  copiedText,
  editedValue,
  editorText,
  insertedText,
  pastedText,
} from '../../../src/fields/chip-text.ts'

const pump = writeMixedText(['Pump ', { source: 'device' }, ' stands'])

test('a text goes through the editor unchanged', () => {
  expect(editedValue(editorText(pump)!)).toEqual(pump)
  const braces = { kind: 'fixed' as const, value: 'Dear {{name}}' }
  expect(editedValue(editorText(braces)!)).toEqual(braces)
  expect(editorText({ kind: 'formula', source: 'UPPER(device)' })).toBeNull()
})

test('what is copied comes back as values when it is pasted', () => {
  const copied = copiedText(editorText(pump)!)
  expect(copied).toBe('Pump {{device}} stands')
  expect(editedValue(pastedText(copied, insertedText))).toEqual(pump)
})

test('braces that hold no formula stay text when they are pasted', () => {
  expect(pastedText('a {{b c}} {{ }} {{x', insertedText)).toBe('a {{b c}} {{ }} {{x')
  const pasted = pastedText('{{oops {{IF(a, "}}", b)}}!', insertedText)
  expect(editedValue(pasted)).toEqual(writeMixedText(['{{oops ', { source: 'IF(a, "}}", b)' }, '!']))
})

test('what the editor keeps for itself cannot be typed', () => {
  expect(editedValue(pastedText('a\uFDD0b', insertedText))).toEqual({ kind: 'fixed', value: 'ab' })
})
