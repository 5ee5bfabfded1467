import { expect, it } from 'vitest'
import { resolveRecipients } from '../../../nodes/directory/resolve-recipients.ts'
import type { Recipient } from '../../../nodes/directory/schema.ts'
import { validateGraph } from '../../../nodes/graph/validate-graph.ts'
import { nodeDefinitions } from '../../../nodes/index.ts'
import { checkTemplate } from '../../../nodes/message-templates/check-template.ts'
import { templateUseProblems } from '../../../nodes/message-templates/check-use.ts'
import { fillWithExample } from '../../../runtime/example/example-data.ts'
import { localSources } from '../../support/recipient-sources.ts'
import { openStores } from '../open-stores.ts'

it('is a function that is ready to run, and people whose results are worth a look', async () => {
  const stores = openStores()
  fillWithExample(stores)
  const { functions, services, directory } = stores
  expect(functions.list().map(({ name }) => name)).toEqual(['my-first-function', 'night-shift-alarm'])
  const graph = functions.graph('night-shift-alarm')
  expect(validateGraph(graph, nodeDefinitions, { services: services.summaries() })).toEqual([])

  const alarm = graph.nodes.find(({ type }) => type === 'sms-notification')!
  const people = await resolveRecipients(alarm.params.recipients as Recipient[], localSources(directory))
  const reasons = people.map(({ skipped }) => skipped)
  expect(reasons.filter((each) => each === undefined)).toHaveLength(4)
  expect(reasons).toEqual(expect.arrayContaining(['no-phone', 'resigned']))
  expect(people.some(({ reasons }) => reasons.length > 1)).toBe(true)
})

it('has a message template without a fault that the function could send', () => {
  const stores = openStores()
  fillWithExample(stores)
  const [template] = stores.templates.list()
  const [service] = stores.services.summaries()
  expect(checkTemplate(template!, stores.services.summaries())).toEqual([])
  const { inputs } = stores.functions.graph('night-shift-alarm')
  const variables = Object.fromEntries(
    template!.placeholders.map(({ name }) => [name, { kind: 'variable', path: name }] as const),
  )
  expect(templateUseProblems(template!, service!, variables, inputs)).toEqual([])
})

it('has only numbers that are reserved for fiction', () => {
  const stores = openStores()
  fillWithExample(stores)
  const { members } = stores.directory.memberStore.page({ search: '', offset: 0, limit: 100 })
  expect(members).toHaveLength(13)
  for (const { phone } of members.filter(({ problem }) => problem === null)) {
    expect(phone).toMatch(/^(\+120255501\d\d|\+447700900\d{3})$/)
  }
})
