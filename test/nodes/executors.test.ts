import { describe, expect, test } from 'vitest'
import { conditionExecutor } from '../../nodes/condition/execute.ts'
import { FormulaError } from '../../nodes/errors.ts'
import type { ExecutionContext } from '../../nodes/execution.ts'
import type { Json } from '../../nodes/json.ts'
import type { MessageCounts } from '../../nodes/messages.ts'
import { portFor } from '../../nodes/sms-notification/success.ts'
import type { Success } from '../../nodes/sms-notification/success.ts'
import { evaluateValue } from '../../nodes/values/evaluate-value.ts'
import type { Value } from '../../nodes/values/value.ts'

/** A pure step needs nothing but the values of its moment. */
function contextOf(names: Record<string, Json>) {
  const scope = { names, now: () => new Date(0) }
  return { evaluate: (value: Value) => evaluateValue(value, scope) } as ExecutionContext
}

describe('a condition', () => {
  const branches = [
    { id: 'high', title: '', when: { kind: 'formula', source: 'severity > 3' } as const },
    { id: 'low', title: '', when: { kind: 'variable', path: 'severity' } as const },
  ]
  const decide = (severity: Json) => conditionExecutor.execute({ branches }, contextOf({ severity }))

  test('takes the first branch that is true and looks no further', () => {
    expect(decide(4)).toEqual({ port: 'high' })
  })

  test('refuses what is neither true nor false, and names the branch', () => {
    expect(() => decide(2)).toThrow(FormulaError)
    expect(() => decide(2)).toThrow(/^Branch 2 gave neither true nor false/)
  })

  test('goes by "otherwise" where no branch is true', () => {
    const never = [{ id: 'a', title: '', when: { kind: 'fixed', value: false } as const }]
    expect(conditionExecutor.execute({ branches: never }, contextOf({}))).toEqual({ port: 'otherwise' })
  })
})

describe('an SMS step leaves by', () => {
  const none: MessageCounts = {
    planned: 0,
    accepted: 0,
    rejected: 0,
    unknown: 0,
    suppressed: 0,
    cancelled: 0,
    expired: 0,
  }
  test.each<[port: string, counts: Partial<MessageCounts>, when: string]>([
    ['sent', { accepted: 2 }, 'everybody was texted'],
    ['sent', { accepted: 1, suppressed: 1 }, 'everybody who can be texted was'],
    ['partly', { accepted: 1, rejected: 1 }, 'one was refused'],
    ['partly', { accepted: 1, cancelled: 1 }, 'one was cancelled'],
    ['partly', { accepted: 1, expired: 1 }, 'one came too late'],
    ['partly', { accepted: 1, unknown: 1 }, 'one outcome is unknown'],
    ['partly', { unknown: 1 }, 'nobody can tell'],
    ['failed', { rejected: 2 }, 'everybody was refused'],
    ['failed', { suppressed: 1 }, 'nobody can be texted'],
    ['failed', {}, 'nobody was selected'],
  ])('%s for %o: %s', (port, counts) => {
    expect(portFor({ ...none, ...counts })).toBe(port)
  })

  test.each<[port: string, success: Success, counts: Partial<MessageCounts>, when: string]>([
    ['sent', { kind: 'all' }, { planned: 2, accepted: 2 }, 'everybody was texted'],
    ['failed', { kind: 'all' }, { planned: 2, accepted: 1, suppressed: 1 }, 'somebody was skipped'],
    ['partly', { kind: 'all' }, { planned: 2, accepted: 1, unknown: 1 }, 'one may have been texted'],
    ['failed', { kind: 'all' }, { planned: 3, accepted: 1, unknown: 1, rejected: 1 }, 'one was not'],
    ['failed', { kind: 'all' }, {}, 'nobody was selected'],
    ['sent', { kind: 'any' }, { planned: 3, accepted: 1, rejected: 2 }, 'one was texted'],
    ['partly', { kind: 'any' }, { planned: 3, unknown: 1, rejected: 2 }, 'one may have been texted'],
    ['failed', { kind: 'any' }, { planned: 3, rejected: 2, expired: 1 }, 'nobody was'],
    ['sent', { kind: 'at-least', count: 2 }, { planned: 3, accepted: 2, unknown: 1 }, 'enough were texted'],
    ['partly', { kind: 'at-least', count: 2 }, { planned: 3, accepted: 1, unknown: 1 }, 'it may be enough'],
    ['failed', { kind: 'at-least', count: 2 }, { planned: 3, accepted: 1, rejected: 2 }, 'it is not enough'],
  ])('%s where %o of %o: %s', (port, success, counts) => {
    expect(portFor({ ...none, ...counts }, success)).toBe(port)
  })
})
