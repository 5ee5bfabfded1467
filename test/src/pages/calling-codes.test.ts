import { beforeAll, describe, expect, it } from 'vitest'
import { smsPolicy } from '../../../nodes/services/sms/policy.ts'
import { loadCallingCodes, policyCountryOptions } from '../../../src/dialogs/service/calling-codes.ts'
import type { CallingCodes } from '../../../src/dialogs/service/calling-codes.ts'
import { countryOptions } from '../../../src/pages/directory/region-options.ts'
import { searchOptions } from '../../../src/ui/options.ts'

const groups = { countries: 'Countries', codes: 'Calling codes' }
let codes: CallingCodes
beforeAll(async () => {
  codes = await loadCallingCodes()
})
const found = (search: string, locale = 'en') =>
  searchOptions(policyCountryOptions(countryOptions(locale), codes, groups), search).map(({ value }) => value)

describe('countries of a send policy', () => {
  it('finds countries and calling codes by name, by two letters and by number', () => {
    expect(found('united kingdom')).toEqual(['GB', '+44'])
    expect(found('英国', 'zh-CN')).toEqual(['GB', '+44'])
    expect(found('(GB)')).toEqual(['+44'])
    expect(found('GB')).toEqual(['GB', '+44'])
    expect(new Set(found('+44'))).toEqual(new Set(['GB', 'GG', 'IM', 'JE', '+44']))
  })

  it('offers nothing that the policy refuses, and each thing once', () => {
    const all = found('')
    expect(new Set(all).size).toBe(all.length)
    for (const country of all)
      expect(smsPolicy.safeParse({ countries: [country] }).success, country).toBe(true)
  })
})
