import { expect, it } from 'vitest'
import { Counter, Histogram } from '../../../runtime/metrics/instruments.ts'

it('counts what is below each bound, that of the bounds before it included', () => {
  const histogram = new Histogram('call_seconds', 'Calls.', [0.1, 1], 'provider')
  for (const seconds of [0.05, 0.1, 0.5, 7]) histogram.observe(seconds, 'twilio')
  expect(histogram.render().split('\n')).toEqual([
    '# HELP call_seconds Calls.',
    '# TYPE call_seconds histogram',
    'call_seconds_bucket{provider="twilio",le="0.1"} 2',
    'call_seconds_bucket{provider="twilio",le="1"} 3',
    'call_seconds_bucket{provider="twilio",le="+Inf"} 4',
    'call_seconds_sum{provider="twilio"} 7.65',
    'call_seconds_count{provider="twilio"} 4',
    '',
  ])
})

it('counts each combination of labels', () => {
  const counter = new Counter('sent_total', 'Sent.', ['provider', 'state'])
  counter.add('twilio', 'accepted')
  counter.add('twilio', 'accepted')
  counter.add('alibaba', 'accepted')
  expect(counter.render()).toBe(
    '# HELP sent_total Sent.\n# TYPE sent_total counter\n' +
      'sent_total{provider="twilio",state="accepted"} 2\nsent_total{provider="alibaba",state="accepted"} 1\n',
  )
})
