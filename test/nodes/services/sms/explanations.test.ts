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

  it.each([
    ['twilio', ['21211', '21610', '21612', '21614', '21408', '21608', '21219', '63024']],
    [
      'twilio',
      ['20003', '20005', '10001', '20006', '20404', '21212', '21606', '21601', '21659', '21660', '21602'],
    ],
    [
      'twilio',
      ['21603', '21604', '21609', '21617', '21658', '21624', '21654', '21655', '21656', '21701', '21703'],
    ],
    ['twilio', ['21704', '21705', '20429', '21611', '14107', '63017', '63018', '63038', '20500', '20503']],
    // told by receipts, after a message was taken
    [
      'twilio',
      ['30001', '30002', '30003', '30004', '30005', '30006', '30007', '30008', '30010', '30017', '30018'],
    ],
    [
      'twilio',
      ['30022', '30023', '30024', '30027', '30032', '30033', '30034', '30035', '30036', '30410', '30450'],
    ],
    [
      'aws-sns',
      ['OptedOut', 'InvalidParameter', 'SignatureDoesNotMatch', 'InvalidClientTokenId', 'ExpiredToken'],
    ],
    [
      'aws-sns',
      ['AccessDenied', 'AuthorizationError', 'InvalidSecurity', 'OptInRequired', 'IncompleteSignature'],
    ],
    ['aws-sns', ['ValidationException', 'Throttling', 'ThrottlingException', 'Throttled', 'RequestExpired']],
    ['aws-sns', ['InternalError', 'InternalFailure', 'ServiceUnavailable']],
    ['alibaba', ['isv.MOBILE_NUMBER_ILLEGAL', 'isv.BLACK_KEY_CONTROL_LIMIT', 'isv.CUSTOMER_REFUSED']],
    ['alibaba', ['isv.SMS_TEST_NUMBER_LIMIT', 'isv.DOMESTIC_NUMBER_NOT_SUPPORTED', 'SignatureDoesNotMatch']],
    [
      'alibaba',
      ['InvalidAccessKeyId.NotFound', 'MissingAccessKeyId', 'InvalidVersion', 'InvalidAction.NotFound'],
    ],
    ['alibaba', ['InvalidSecurityToken.Expired', 'isp.RAM_PERMISSION_DENY', 'isv.DENY_IP_RANGE']],
    ['alibaba', ['isv.ACCOUNT_NOT_EXISTS', 'isv.ACCOUNT_ABNORMAL', 'isv.SECURITY_FROZEN_ACCOUNT']],
    [
      'alibaba',
      ['isv.PRODUCT_UN_SUBSCRIPT', 'isv.PRODUCT_UNSUBSCRIBE', 'isv.OUT_OF_SERVICE', 'isv.AMOUNT_NOT_ENOUGH'],
    ],
    [
      'alibaba',
      [
        'isv.SMS_SIGNATURE_ILLEGAL',
        'isv.SMS_SIGN_ILLEGAL',
        'isv.SIGN_STATE_ILLEGAL',
        'isv.SIGN_NAME_ILLEGAL',
      ],
    ],
    ['alibaba', ['isv.SMS_SIGNATURE_SCENE_ILLEGAL', 'isv.EXTEND_CODE_ERROR', 'isv.SMS_TEMPLATE_ILLEGAL']],
    ['alibaba', ['isv.TEMPLATE_MISSING_PARAMETERS', 'isv.TEMPLATE_PARAMS_ILLEGAL', 'isv.INVALID_JSON_PARAM']],
    ['alibaba', ['isv.INVALID_PARAMETERS', 'isv.PARAM_LENGTH_LIMIT', 'isv.PARAM_NOT_SUPPORT_URL']],
    [
      'alibaba',
      ['isv.SMS_CONTENT_ILLEGAL', 'isv.UNSUPPORTED_CONTENT', 'isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE'],
    ],
    [
      'alibaba',
      ['isv.SMS_TEST_SIGN_TEMPLATE_LIMIT', 'isv.MOBILE_COUNT_OVER_LIMIT', 'Throttling', 'Throttling.User'],
    ],
    ['alibaba', ['isv.BUSINESS_LIMIT_CONTROL', 'isv.DAY_LIMIT_CONTROL', 'isv.MONTH_LIMIT_CONTROL']],
    ['alibaba', ['InvalidTimeStamp.Expired', 'SignatureNonceUsed', 'isp.SYSTEM_ERROR', 'isp.GATEWAY_ERROR']],
    ['alibaba', ['InternalError', 'ServiceUnavailable', 'SyntaxError', 'NUMBER_READ_AS_MAINLAND']],
    // told by receipts; one is spelt as the provider spells it
    ['alibaba', ['MOBILE_NOT_ON_SERVICE', 'MOBILE_IN_BLACK', 'INVALID_NUMBER', 'MOBILE_ACCOUNT_ABNORMAL']],
    ['alibaba', ['MOBLLE_TERMINAL_ERROR', 'USER_REJECT', 'SP_NOT_BY_INTER_SMS', 'PORT_NOT_REGISTERED']],
    ['twilio', ['DISPATCH_DEADLINE', 'CODE_GONE', 'SDK_ValidationError', 'HTTP_500', 'HTTP_404', 'HTTP_200']],
  ] as const)('%s: %j', (provider, codes) => {
    for (const code of codes) {
      for (const language of ['en', 'zh-CN'])
        expect(explainProviderCode(provider, code, language), code).not.toBeNull()
    }
  })

  it('says nothing about a code that nobody described', () => {
    expect(explainProviderCode('twilio', '12345678', 'en')).toBeNull()
    expect(explainProviderCode('twilio', 'isv.OUT_OF_SERVICE', 'en')).toBeNull()
  })
})
