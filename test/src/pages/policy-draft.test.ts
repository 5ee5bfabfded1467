import { describe, expect, it } from 'vitest'
import { smsPolicy } from '../../../nodes/services/sms/policy.ts'
import {
  policyFields,
  policyGroups,
  policyOf,
  typedPolicy,
} from '../../../src/dialogs/service/policy-draft.ts'
import type { PolicyGroup } from '../../../src/dialogs/service/policy-draft.ts'
import { checkDraft, draftOf, switchSandbox } from '../../../src/dialogs/service/service-draft.ts'
import { loadTexts } from '../../../src/i18n/texts.ts'
import { textAt } from '../../../src/i18n/translate.ts'
import { sandboxServices } from '../../../runtime/sandbox/accounts.ts'

const policy = smsPolicy.parse({
  testMode: true,
  testNumbers: ['+12025550101'],
  ratePerSecond: 0.5,
  countries: ['CN'],
  quietFrom: '21:00',
  quietUntil: '08:00',
})

it('shows every field of a policy once, below a heading, with its label', async () => {
  const names = Object.values(policyGroups).flat()
  expect(names.toSorted()).toEqual(Object.keys(smsPolicy.shape).toSorted())
  const english = await loadTexts('en')
  const groups = Object.keys(policyGroups) as PolicyGroup[]
  const keys = groups.flatMap((group) => [
    `services.policy.groups.${group}`,
    ...policyFields(group).map(({ name }) => `services.policy.${name}.label`),
  ])
  expect(keys.filter((key) => textAt(english, key) === undefined)).toEqual([])
})

it('takes a policy through the form and back', () => {
  expect(smsPolicy.parse(policyOf(typedPolicy(policy)))).toEqual(policy)
})

it('ends a limit whose field is emptied', () => {
  const typed = { ...typedPolicy(policy), ratePerSecond: ' ' }
  expect(smsPolicy.parse(policyOf(typed))).not.toHaveProperty('ratePerSecond')
})

it('names what is wrong at its field, an entry of a list at the list', () => {
  const draft = draftOf('twilio')
  const wrong = {
    ...draft.policy,
    testNumbers: ['+12025550101', '0207'],
    dailyMessages: 'many',
    quietFrom: '9',
  }
  expect(checkDraft({ ...draft, policy: wrong })).toMatchObject({
    'policy/testNumbers': 'phone',
    'policy/dailyMessages': 'number',
    'policy/quietFrom': 'timeOfDay',
  })
})

describe('test mode', () => {
  it('is on in the form of a new service, off in the sandbox, and on again outside it', () => {
    const draft = draftOf('twilio')
    expect(draft.policy['testMode']).toBe(true)
    const inside = switchSandbox(draft, true, sandboxServices.twilio)
    expect(inside.policy['testMode']).toBe(false)
    expect(switchSandbox(inside, false, sandboxServices.twilio).policy['testMode']).toBe(true)
  })
})
