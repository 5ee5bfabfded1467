import { getCountries } from 'libphonenumber-js/max'
import { expect, it } from 'vitest'
import { countries } from '../../../nodes/directory/regions.ts'
import { readPhone } from '../../../runtime/directory/phone.ts'

it.each([
  ['(202) 555-0123', 'US', '+12025550123'],
  ['２０２ ５５５ ０１２３', 'US', '+12025550123'],
  ['+1 202 555 0123', 'CN', '+12025550123'],
  ['+44 7700 900123', 'US', '+447700900123'],
  ['138 0000 0001', 'CN', '+8613800000001'],
  ['  +8613800000001 ', 'US', '+8613800000001'],
])('reads %s, typed in %s, as %s', (typed, country, phone) => {
  expect(readPhone(typed, country)).toEqual({ phone, phoneProblem: undefined })
})

it.each([
  ['13800000001', 'US', 'phone-not-national'],
  ['202 555', 'US', 'phone-too-short'],
  ['+1 202 555 01234', 'US', 'phone-too-long'],
  ['+999 123 456 789', 'US', 'phone-country'],
  ['+1 202 555 0123 ext. 5', 'US', 'phone-extension'],
  ['ask Julia +12025550123', 'US', 'invalid-phone'],
  ['later', 'US', 'invalid-phone'],
])('keeps %s, typed in %s, as it is: %s', (typed, country, phoneProblem) => {
  expect(readPhone(typed, country)).toEqual({ phone: typed, phoneProblem })
})

it.each([
  ['+44 20 7946 0958', 'landline'],
  ['+1 900 555 0100', 'special-number'],
])('reads %s and says that it takes no texts: %s', (typed, phoneProblem) => {
  expect(readPhone(typed, 'US')).toMatchObject({ phone: typed.replaceAll(' ', ''), phoneProblem })
})

it('takes no number for no number', () => {
  expect(readPhone('   ', 'US')).toEqual({ phone: '', phoneProblem: undefined })
})

it('knows the same countries as the settings offer', () => {
  expect(countries).toEqual(getCountries())
})
