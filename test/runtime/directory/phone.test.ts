import { expect, it } from 'vitest'
import { readPhone } from '../../../runtime/directory/phone.ts'

it.each([
  ['(202) 555-0123', 'US', '+12025550123'],
  ['２０２ ５５５ ０１２３', 'US', '+12025550123'],
  ['+1 202 555 0123', 'CN', '+12025550123'],
  ['+44 7700 900123', 'US', '+447700900123'],
  ['138 0000 0001', 'CN', '+8613800000001'],
  ['  +8613800000001 ', 'US', '+8613800000001'],
])('reads %s, typed in %s, as %s', (typed, country, phone) => {
  expect(readPhone(typed, country)).toBe(phone)
})

it.each([
  ['13800000001', 'US', 'a Chinese number is nobody in America'],
  ['202 555', 'US', 'too short'],
  ['+1 202 555 0123 ext. 5', 'US', 'nobody behind an extension gets a text'],
  ['ask Julia +12025550123', 'US', 'a note is no number'],
  ['12345', 'XX', 'there is no such country'],
])('keeps %s, typed in %s, as it is: %s', (typed, country) => {
  expect(readPhone(typed, country)).toBe(typed)
})

it('takes no number for no number', () => {
  expect(readPhone('   ', 'US')).toBe('')
})
