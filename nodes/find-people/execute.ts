import { refuseTooMany } from '../directory/refuse-too-many.ts'
import { resolveRecipients } from '../directory/resolve-recipients.ts'
import { defineExecutor } from '../execution.ts'
import { findPeople } from './definition.ts'

/** Phone numbers are not in the result: it is kept with the run and shown. */
export const findPeopleExecutor = defineExecutor(
  findPeople,
  async ({ recipients, maxRecipients }, context) => {
    const selected = await resolveRecipients(recipients, context, { by: 'inbox' })
    const found = selected.filter(({ skipped }) => !skipped)
    refuseTooMany(found, maxRecipients)
    const people = found.map(({ memberId, name }) => ({ kind: 'member', id: memberId, name }))
    return { port: 'next', result: { people, count: people.length } }
  },
  { inDryRun: true },
)
