import { describe, expect, it } from 'vitest'
import { sampleTemplate } from '../../../nodes/message-templates/sample-template.ts'
import { draftPlaceholders, fieldPath, tidyParams } from '../../../../src/dialogs/params/node-draft.ts'

const twilio = { id: 's1', name: 'T', provider: 'twilio' as const, sandbox: true }
const alibaba = { id: 's2', name: 'A', provider: 'alibaba' as const, sandbox: true }
const fixed = (value: string) => ({ kind: 'fixed' as const, value })

describe('node draft', () => {
  it('takes placeholders from the text, or from the template that was read at the provider', () => {
    const params = { templateText: 'Hi ${name}', templateCode: 'SMS_1' }
    expect(draftPlaceholders(params, [twilio], undefined, new Map())).toEqual(['name'])
    expect(draftPlaceholders(params, [alibaba], undefined, new Map())).toBeNull()
    expect(draftPlaceholders(params, [alibaba], undefined, new Map([['s2 SMS_1', ['code']]]))).toEqual([
      'code',
    ])
  })

  it('takes the placeholders of every service of the chain, and loses no value of a template that was not read', () => {
    const chain = [alibaba, { ...alibaba, id: 's3' }, twilio]
    const params = {
      templateText: 'Hi ${name}',
      templateCode: 'SMS_1',
      failOverCodes: { s3: 'SMS_9' },
      variables: { place: fixed('Here') },
    }
    const first = new Map([['s2 SMS_1', ['code']]])
    expect(draftPlaceholders(params, chain, undefined, new Map())).toBeNull()
    expect(draftPlaceholders(params, chain, undefined, first)).toEqual(['name', 'code', 'place'])
    const both = new Map([...first, ['s3 SMS_9', ['where']]])
    expect(draftPlaceholders(params, chain, undefined, both)).toEqual(['name', 'code', 'where'])
  })

  it('keeps nothing of a text that is switched off, and no one to hand over to', () => {
    const params = { recipients: [], sms: false, service: 's1', templateText: 'Hi', lateRecipients: [] }
    expect(tidyParams({ ...params, smsDecides: true }, [], ['link'])).toEqual({ recipients: [], sms: false })
    expect(tidyParams({ ...params, late: 'transfer' }, [], ['link'])).toHaveProperty('lateRecipients')
  })

  it('saves no value for a placeholder that is filled by itself, unless a code has to be told of it', () => {
    const given = ['processTitle', 'userNick', 'link']
    const params = { recipients: [], sms: true, variables: {} }
    expect(tidyParams(params, [...given, 'room'], given).variables).toEqual({ room: fixed('') })
    const code = { ...params, templateCode: 'SMS_1' }
    expect(tidyParams(code, [...given, 'room'], given).variables).toEqual({
      link: fixed(''),
      room: fixed(''),
    })
  })

  it('takes placeholders from the message template that is chosen, and saves no text beside it', () => {
    const template = { ...sampleTemplate(), id: 't1', revision: 1, updated: '' }
    const params = { recipients: [], template: 't1', templateText: 'Hi ${name}', templateCode: 'SMS_1' }
    expect(draftPlaceholders(params, [twilio], template, new Map())).toEqual(['device', 'reason'])
    expect(draftPlaceholders(params, [twilio], undefined, new Map())).toBeNull()
    expect(tidyParams(params, ['device', 'reason'])).toEqual({ recipients: [], template: 't1' })
  })

  it('saves no emptied text and no variable that the template does not use', () => {
    const params = {
      recipients: [],
      templateText: '',
      templateCode: 'SMS_1',
      variables: { code: fixed('1'), old: fixed('2') },
    }
    expect(tidyParams(params, ['code'])).toEqual({
      recipients: [],
      templateCode: 'SMS_1',
      variables: { code: fixed('1') },
    })
  })

  it('shows a fault inside a value at the value', () => {
    const params = {
      variables: { device: { kind: 'formula', source: 'a +' }, half: { kind: 'variable', path: '' } },
      branches: [{ id: 'a', title: '', when: { kind: 'formula', source: '' } }],
    }
    expect(fieldPath(params, 'variables/device/source')).toBe('variables/device')
    expect(fieldPath(params, 'variables/half/path')).toBe('variables/half')
    expect(fieldPath(params, 'branches/0/when/source')).toBe('branches/0/when')
    expect(fieldPath(params, 'branches/0/title')).toBe('branches/0/title')
    expect(fieldPath(params, 'variables/missing')).toBe('variables/missing')
  })
})
