import { expect, it } from 'vitest'
import { countSegments } from '../../../nodes/services/sms/segments.ts'
import { accidental, markedText, unicodeCharacters } from '../../../src/pages/message-template/marked-text.ts'
import {
  addPlaceholders,
  removeText,
  renamePlaceholder,
  undeclaredNames,
  withProviderText,
} from '../../../src/pages/message-template/template-draft.ts'
import { sampleTemplate } from '../../nodes/message-templates/sample-template.ts'

it('renames a placeholder in texts and bindings', () => {
  const renamed = renamePlaceholder(sampleTemplate(), 'reason', 'cause')
  expect(renamed.placeholders.map(({ name }) => name)).toEqual(['device', 'cause'])
  expect(renamed.texts).toEqual({
    en: '${device} needs help: ${cause}',
    'zh-CN': '设备${device}需要处理：${cause}',
  })
  expect(renamed.bindings['ali']).toMatchObject({
    byLocale: { en: { variables: { device: 'device', text: 'cause' } } },
  })
})

it('finds the names that texts use and nobody declared, and declares them', () => {
  const draft = sampleTemplate({ texts: { en: '${device} ${where}', de: '${wann}' }, bindings: {} })
  expect(undeclaredNames(draft)).toEqual(['where', 'wann'])
  expect(undeclaredNames(addPlaceholders(draft, ['where', 'wann']))).toEqual([])
})

it('keeps the default language', () => {
  expect(Object.keys(removeText(sampleTemplate(), 'en').texts)).toEqual(['en', 'zh-CN'])
  expect(Object.keys(removeText(sampleTemplate(), 'zh-CN').texts)).toEqual(['en'])
})

it('maps the placeholders of a provider’s text: as before, else by name, else not yet', () => {
  const entry = { templateCode: 'SMS_1', variables: { text: 'reason', gone: 'device' } }
  const text = '${device} ${text} ${place}'
  expect(withProviderText(entry, text, ['device', 'text', 'place'], sampleTemplate())).toEqual({
    templateCode: 'SMS_1',
    text,
    variables: { device: 'device', text: 'reason', place: '' },
  })
})

it('marks the few characters that make a text Unicode, and none of a text in another script', () => {
  const text = 'It’s late – call me'
  expect(markedText(text, countSegments(text)).filter(({ mark }) => mark)).toEqual([
    { text: '’', mark: true },
    { text: '–', mark: true },
  ])
  expect(unicodeCharacters(countSegments(text))).toEqual([
    { character: '’', substitute: "'" },
    { character: '–', substitute: '-' },
  ])
  expect(accidental(countSegments('设备需要处理'))).toEqual([])
  expect(markedText('设备 7', countSegments('设备 7'))).toEqual([{ text: '设备 7', mark: false }])
})
