import { describe, expect, test } from 'vitest'
import { choose } from '../../../runtime/triggers/schedules.ts'

describe('of the times that are due', () => {
  const now = Date.parse('2026-06-01T10:00:05Z')
  const due = ['08:00', '09:00', '10:00'].map((time) => Date.parse(`2026-06-01T${time}:00Z`))

  test('the one that is due now stands for those that were missed with once', () => {
    expect(choose('once', due, now)).toEqual({ made: [due[2]], missed: [due[0], due[1]] })
  })

  test('the one that is due now is made whatever was missed', () => {
    expect(choose('skip', due, now).made).toEqual([due[2]])
    expect(choose('all', due, now)).toEqual({ made: due, missed: [] })
  })
})
