import { expect, it } from 'vitest'
import { readLink } from '../../../nodes/message-notification/read-link.ts'

it.each(['https://example.com/orders/7?a=b#c', 'HTTPS://example.com', '/', '/orders/7', '/#/run/ü', ' /a '])(
  'takes %j',
  (link) => expect(readLink(link)).toEqual({ link: link.trim() }),
)

it.each([
  ...['javascript:alert(1)', 'JavaScript:alert(1)', 'java\nscript:alert(1)', ' \u0001javascript:alert(1)'],
  ...[
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://example.com/x',
    'mailto:a@b.example',
  ],
  ...['http://example.com', '//example.com', '/\\example.com', '/\t/example.com', '\\\\example.com', '/a\nb'],
  ...['https:example.com', 'https:/example.com', 'https://', 'https://user:pass@example.com', 'https://a b'],
  ...['orders/7', '#here', '?a=b', '', 'https://exa\nmple.com'],
])('refuses %j', (link) => expect(readLink(link)).toBe('linkRefused'))

it('refuses a link of more than 2,000 characters', () => {
  expect(readLink(`/${'a'.repeat(2_000)}`)).toBe('linkTooLong')
})
