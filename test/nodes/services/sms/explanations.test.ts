import { describe, expect, it } from 'vitest'
import { alibabaExplanations } from '../../../../nodes/services/sms/explanations/alibaba.ts'
import { awsSnsExplanations } from '../../../../nodes/services/sms/explanations/aws-sns.ts'
import { explainProviderCode } from '../../../../nodes/services/sms/explanations/index.ts'
import { networkExplanations } from '../../../../nodes/services/sms/explanations/network.ts'
import { twilioExplanations } from '../../../../nodes/services/sms/explanations/twilio.ts'

const tables = {
  alibaba: alibabaExplanations,
  'aws-sns': awsSnsExplanations,
  twilio: twilioExplanations,
  network: networkExplanations,
}

describe('explanations of provider codes', () => {
  it.each(Object.entries(tables))('%s: whole sentences in both languages, each code once', (_, rows) => {
    const codes = rows.flatMap(([codes]) => codes)
    expect(new Set(codes).size).toBe(codes.length)
    for (const [codes, { en, 'zh-CN': zh }] of rows) {
      for (const text of [en.cause, en.remedy]) expect(text, codes[0]).toMatch(/^[A-Z“].*\.$/)
      for (const text of [zh.cause, zh.remedy]) {
        expect(text, codes[0]).toMatch(/。$/)
        expect(text, codes[0]).not.toMatch(/[,;?!()]|(?<![a-z]):/)
      }
    }
  })

  it('answers in the language asked for, in English where it has no other', () => {
    expect(explainProviderCode('twilio', '21610', 'en')?.cause).toContain('STOP')
    expect(explainProviderCode('twilio', '21610', 'zh-CN')?.cause).toContain('退订')
    expect(explainProviderCode('twilio', '21610', 'fr')).toEqual(explainProviderCode('twilio', '21610', 'en'))
  })

  it('knows families of codes, and the exact code before its family', () => {
    expect(explainProviderCode('alibaba', 'Throttling.Api', 'en')).not.toBeNull()
    expect(explainProviderCode('alibaba', 'isp.RAM_PERMISSION_DENY', 'en')?.remedy).toContain('Grant')
    expect(explainProviderCode('alibaba', 'isp.GATEWAY_ERROR', 'en')?.cause).toContain('fault of its own')
    expect(explainProviderCode('aws-sns', 'HTTP_503', 'en')).not.toBeNull()
  })

  it.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'CONNECT_TIMEOUT',
    'TIMEOUT',
    'ECONNRESET',
    'SANDBOX_OFF',
    'CERT_HAS_EXPIRED',
  ])('knows what happened on the way for every provider: %s', (code) => {
    for (const provider of ['alibaba', 'aws-sns', 'twilio'] as const) {
      expect(explainProviderCode(provider, code, 'en')).toEqual(explainProviderCode('twilio', code, 'en'))
      expect(explainProviderCode(provider, code, 'en')).not.toBeNull()
    }
  })

  it('says nothing about a code that nobody described', () => {
    expect(explainProviderCode('twilio', '12345678', 'en')).toBeNull()
    expect(explainProviderCode('twilio', 'isv.OUT_OF_SERVICE', 'en')).toBeNull()
  })
})
