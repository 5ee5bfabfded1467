import { expect, test } from 'vitest'
import { cleanVariable, placeholdersOf, renderTemplate } from '../../../../nodes/services/sms/template.ts'

test('finds each placeholder once, in order, in any script', () => {
  expect(placeholdersOf('${设备} ${b_1} ${a} ${设备} ${ c } ${1d} $e ${}')).toEqual(['设备', 'b_1', 'a'])
})

test('fills in one pass: a value that looks like a placeholder stays as it is', () => {
  expect(renderTemplate('${a}, ${b}, ${c}', { a: '${b}', b: '$&' })).toBe('${b}, $&, ${c}')
})

test('never reads what the values inherit', () => {
  expect(renderTemplate('${constructor} ${toString}', {})).toBe('${constructor} ${toString}')
})

test.each([
  ['line breaks and tabs stay', 'a\r\nb\tc\rd', 'a\nb\tc\nd'],
  ['control characters go', 'a\u0000b\u001Bc\u007Fd\u0085e', 'abcde'],
  ['marks that turn the direction of writing go', 'pay\u202Emoc.live\u2066x', 'paymoc.livex'],
  ['joined emoji and other scripts stay', '👩‍🔧 设备 نص', '👩‍🔧 设备 نص'],
])('in a value, %s', (_name, value, cleaned) => {
  expect(cleanVariable(value)).toBe(cleaned)
})
