import { describe, expect, test } from 'vitest'
import { gsmSubstitute } from '../../../../nodes/services/sms/gsm-alphabet.ts'
import { countSegments, segmentOptions } from '../../../../nodes/services/sms/segments.ts'

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
    expect(countSegments(text)).toMatchObject({ encoding: 'gsm-7', segments, units, forcedBy: [] })
  })

  test('never splits an extension character between two parts', () => {
    // 152 septets, then a character of two: it moves into the second part whole, and 151 more fill that part.
    expect(countSegments('a'.repeat(152) + '€' + 'a'.repeat(151)).segments).toBe(2)
    expect(countSegments('a'.repeat(152) + '€' + 'a'.repeat(152)).segments).toBe(3)
  })
})

describe('UCS-2', () => {
  test.each(['ç', '`', '\t', '’', '你', '😀'])('one %j makes the whole text UCS-2', (character) => {
    expect(countSegments(`Hello ${character}`).encoding).toBe('ucs-2')
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
    expect(countSegments(text)).toMatchObject({ encoding: 'ucs-2', segments, units })
  })

  test('never splits an emoji between two parts', () => {
    // 67 is odd: each part holds 33 emojis, so 67 of them (134 units) need a third part.
    expect(countSegments('😀'.repeat(66)).segments).toBe(2)
    expect(countSegments('😀'.repeat(67)).segments).toBe(3)
  })
})

describe('what forces UCS-2', () => {
  test('each character with its place, surrogate pairs whole', () => {
    expect(countSegments('It’s 5° 😀').forcedBy).toEqual([
      { index: 2, character: '’' },
      { index: 6, character: '°' },
      { index: 8, character: '😀' },
    ])
  })

  test('no more than the first 20', () => {
    expect(countSegments('你'.repeat(500)).forcedBy).toHaveLength(20)
  })

  test('characters are counted as a person would', () => {
    expect(countSegments('😀 ok')).toMatchObject({ characters: 4, units: 5 })
  })

  test.each([
    ['’', "'"],
    ['“', '"'],
    ['–', '-'],
    ['…', '...'],
    ['\u00A0', ' '],
    ['\u200B', ''],
    ['ê', 'e'],
    ['ç', 'c'],
    ['，', ','],
    ['。', '.'],
    ['Ａ', 'A'],
  ])('%j could be %j', (character, substitute) => {
    expect(gsmSubstitute(character)).toBe(substitute)
    expect(countSegments(substitute).encoding).toBe('gsm-7')
  })

  test.each(['😀', '你', 'ж', 'ł', '\ud800'])('%j has no substitute', (character) => {
    expect(gsmSubstitute(character)).toBeUndefined()
  })
})

describe('Alibaba', () => {
  test('to mainland China, every alphabet counts 70 and 67, the signature with its brackets included', () => {
    const domestic = segmentOptions('alibaba', '+8613800138000', 'Acme')
    expect(countSegments('a'.repeat(64), domestic)).toMatchObject({
      encoding: 'ucs-2',
      units: 70,
      segments: 1,
    })
    expect(countSegments('a'.repeat(65), domestic)).toMatchObject({ units: 71, segments: 2, forcedBy: [] })
  })

  test('abroad, the signature makes the text UCS-2 and no character of the text is blamed', () => {
    const abroad = segmentOptions('alibaba', '+447700900123', 'Acme')
    expect(countSegments('a'.repeat(64), abroad)).toMatchObject({
      encoding: 'ucs-2',
      segments: 1,
      forcedBy: [],
    })
    expect(countSegments('a'.repeat(64), { signature: undefined })).toMatchObject({ encoding: 'gsm-7' })
  })

  test('other providers put nothing before the text', () => {
    expect(segmentOptions('twilio', '+8613800138000', 'Acme')).toEqual({})
  })
})
