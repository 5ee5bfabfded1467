import { describe, expect, test } from 'vitest'
import { countSegments } from '../../../../nodes/services/sms/segments.ts'

describe('GSM-7', () => {
  test.each<[string, string, number, number]>([
    ['nothing', '', 0, 0],
    ['one letter', 'a', 1, 1],
    ['160 letters', 'a'.repeat(160), 1, 160],
    ['161 letters', 'a'.repeat(161), 2, 161],
    ['306 letters', 'a'.repeat(306), 2, 306],
    ['307 letters', 'a'.repeat(307), 3, 307],
    ['signs of other languages', '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ', 1, 31],
    ['the rest of the alphabet', ' !"#¤%&\'()*+,-./:;<=>?¡ÄÖÑܧ¿äöñüà', 1, 33],
    ['extension characters, two septets each', '^{}\\[~]|€\f', 1, 20],
    ['80 euro signs', '€'.repeat(80), 1, 160],
    ['152 euro signs, 76 to a part', '€'.repeat(152), 2, 304],
    ['153 euro signs', '€'.repeat(153), 3, 306],
  ])('%s', (_, text, segments, units) => {
    expect(countSegments(text)).toEqual({ encoding: 'GSM-7', segments, units })
  })

  test('never splits an extension character between two parts', () => {
    // 152 septets, then a character of two: it moves into the second part whole, and 151 more fill that part.
    expect(countSegments('a'.repeat(152) + '€' + 'a'.repeat(151)).segments).toBe(2)
    expect(countSegments('a'.repeat(152) + '€' + 'a'.repeat(152)).segments).toBe(3)
  })
})

describe('UCS-2', () => {
  test.each(['ç', '`', '\t', '’', '你', '😀'])('one %j makes the whole text UCS-2', (character) => {
    expect(countSegments(`Hello ${character}`).encoding).toBe('UCS-2')
  })

  test.each<[string, string, number, number]>([
    ['one Chinese character', '你', 1, 1],
    ['70 Chinese characters', '你'.repeat(70), 1, 70],
    ['71 Chinese characters', '你'.repeat(71), 2, 71],
    ['134 Chinese characters', '你'.repeat(134), 2, 134],
    ['135 Chinese characters', '你'.repeat(135), 3, 135],
    ['35 emojis, two units each', '😀'.repeat(35), 1, 70],
    ['halves of emojis', '\ud800'.repeat(71), 2, 71],
  ])('%s', (_, text, segments, units) => {
    expect(countSegments(text)).toEqual({ encoding: 'UCS-2', segments, units })
  })

  test('never splits an emoji between two parts', () => {
    // 67 is odd: each part holds 33 emojis, so 67 of them (134 units) need a third part.
    expect(countSegments('😀'.repeat(66)).segments).toBe(2)
    expect(countSegments('😀'.repeat(67)).segments).toBe(3)
  })
})
