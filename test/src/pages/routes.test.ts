import { expect, it } from 'vitest'
import { decideTokenOf, formatRoute, parseRoute, tabOf, type Route } from '../../../src/stores/route.ts'

it.each<[Route, string]>([
  [{ page: 'function', name: 'night-shift-alarm' }, '/function/night-shift-alarm'],
  [{ page: 'sms-service', id: 'a/b 1' }, '/sms-service/a%2Fb%201'],
  [{ page: 'message-template', id: 'T1' }, '/message-template/T1'],
  [{ page: 'directory', tab: 'roles' }, '/directory/roles'],
  [{ page: 'messages', search: '' }, '/messages'],
  [{ page: 'messages', search: 'state=unknown&message=01J-0' }, '/messages?state=unknown&message=01J-0'],
  [{ page: 'runs', search: 'run=01J' }, '/runs?run=01J'],
  [{ page: 'requests', search: 'state=running' }, '/requests?state=running'],
  [{ page: 'request', id: 'R1' }, '/request/R1'],
  [{ page: 'to-do', box: 'copied' }, '/to-do/copied'],
  [{ page: 'initiate', name: '' }, '/initiate'],
  [{ page: 'initiate', name: 'leave' }, '/initiate/leave'],
  [{ page: 'unknown' }, '/unknown'],
  [{ page: 'opt-outs' }, '/opt-outs'],
  [{ page: 'sandbox' }, '/sandbox'],
  [{ page: 'settings' }, '/settings'],
])('writes %j as %s and reads it back', (route, path) => {
  expect(formatRoute(route)).toBe(path)
  expect(parseRoute(`#${path}`)).toEqual(route)
})

it.each(['', '#', '#/', '#/function', '#/function/', '#/nowhere/x', '#token=abc', '#/function/%E0%A4%A'])(
  'shows no page for %j',
  (hash) => expect(parseRoute(hash)).toBeNull(),
)

it('knows the link of a text, which is no page', () => {
  expect(parseRoute('#/decide/aB-_1')).toBeNull()
  expect(decideTokenOf('#/decide/aB-_1')).toBe('aB-_1')
  for (const hash of ['', '#/decide', '#/decide/', '#/to-do/decide', '#/request/R1', '#/decide/a/b']) {
    expect(decideTokenOf(hash)).toBeNull()
  }
})

it('opens the members where the part of the directory is unknown', () => {
  expect(parseRoute('#/directory/nonsense')).toEqual({ page: 'directory', tab: 'members' })
})

it('shows the parts of the directory in one tab', () => {
  expect(tabOf({ page: 'directory', tab: 'members' })).toBe(tabOf({ page: 'directory', tab: 'roles' }))
})

it('shows the messages in one tab, whatever they are filtered by', () => {
  expect(tabOf({ page: 'messages', search: 'state=unknown' })).toBe(tabOf({ page: 'messages', search: '' }))
})
