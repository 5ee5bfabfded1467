import fc from 'fast-check'
import { SegmentedMessage } from 'sms-segments-calculator'
import splitSms from 'split-sms'
import { expect, test } from 'vitest'
import { countSegments } from '../../../../nodes/services/sms/segments.ts'

/**
 * Two independent counters that ours must agree with. The calculator keeps a letter and its combining marks in one
 * part, which networks do not, so the texts are made of characters that stand alone.
 */
const plain = fc.constantFrom(...'abc XYZ 0123,.!?@£ùÅΔÆ¿ß\n')
const extension = fc.constantFrom(...'^{}\\[~]|€')
const foreign = fc.constantFrom(...'你设备’“…–ç`жあ')
const emoji = fc.constantFrom('😀', '🔧', '🚨', '𠮷')

const texts = fc.oneof(
  textOf(plain, 400),
  textOf(fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: extension }), 400),
  textOf(fc.oneof({ weight: 9, arbitrary: plain }, { weight: 1, arbitrary: foreign }), 300),
  textOf(fc.oneof(foreign, emoji), 200),
  textOf(fc.oneof(plain, extension, foreign, emoji), 300),
  // around the edges, where parts begin and end
  edges(plain, extension, [153, 160, 306, 459]),
  edges(foreign, emoji, [67, 70, 134, 201]),
)

function textOf(character: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> {
  return fc.array(character, { maxLength, size: 'max' }).map((characters) => characters.join(''))
}

function edges(single: fc.Arbitrary<string>, double: fc.Arbitrary<string>, places: number[]) {
  return fc
    .tuple(single, double, fc.constantFrom(...places), fc.integer({ min: -3, max: 3 }), fc.nat({ max: 3 }))
    .map(([one, two, place, before, after]) => one.repeat(place + before) + two + one.repeat(after))
}

test('agrees with split-sms', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { characterSet, parts } = splitSms.split(text)
      const ours = countSegments(text)
      expect(ours.encoding).toBe(characterSet === 'GSM' ? 'gsm-7' : 'ucs-2')
      expect(ours.segments).toBe(text === '' ? 0 : parts.length)
    }),
    { numRuns: 10_000 },
  )
})

test('agrees with the calculator of Twilio Labs', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const theirs = new SegmentedMessage(text)
      const ours = countSegments(text)
      expect(ours.encoding).toBe(theirs.encodingName === 'GSM-7' ? 'gsm-7' : 'ucs-2')
      expect(ours.segments).toBe(text === '' ? 0 : theirs.segmentsCount)
    }),
    { numRuns: 2_000 },
  )
})
