import { ref } from 'vue'
import { describe, expect, it } from 'vitest'
import { ErrorCode, FlowError } from '../../../nodes/errors.ts'
import { configurationError } from '../../../runtime/engine/outcome.ts'
import { createI18n } from '../../../src/i18n/useI18n.ts'
import { durationText, messageCause, runErrorText } from '../../../src/pages/function/run-texts.ts'

const i18n = await createI18n('en')
const locked = new FlowError(ErrorCode.SecretUnreadable, 'encrypted with another master key')

describe('the error of a service that could not be opened', () => {
  it('says what kept it from opening, not that the provider refused', () => {
    const error = configurationError(locked)
    const said = {
      cause: i18n.t('errors.SECRET_UNREADABLE.title'),
      remedy: i18n.t('errors.SECRET_UNREADABLE.hint'),
    }
    expect(messageCause({ error }, i18n)).toEqual(said)
    expect(runErrorText({ ...error, nodeId: 'sms' }, i18n)).toEqual(said)
  })
})

describe('durationText', () => {
  it.each([
    [999, '999 ms'],
    [1_500, '1.5 s'],
    [119_999, '2 min 0 s'],
  ])('tells %i ms as %s', (ms, text) => {
    const end = new Date(ms).toISOString()
    expect(durationText(new Date(0).toISOString(), end, { ...i18n, locale: ref('en') })).toBe(text)
  })
})
