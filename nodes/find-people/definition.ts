import { z } from 'zod'
import { defineNode } from '../define.ts'
import { recipientProblems } from '../directory/check-recipients.ts'
import { directoryEntry } from '../directory/directory-value.ts'
import { maxRecipientsParam, recipientsParam } from '../directory/recipient-params.ts'

/** Most people one step finds: a list that a value may still hold. */
const MOST_PEOPLE = 10_000

const params = z.strictObject({
  recipients: recipientsParam,
  /** A step that finds more people than this fails. */
  maxRecipients: maxRecipientsParam(MOST_PEOPLE),
})

/**
 * Service > Directory > Find People: the members that departments, roles, leaders and values name, as a list that a loop
 * can go through. Each is there once; those who have left the organisation are not.
 */
export const findPeople = defineNode({
  type: 'find-people',
  version: 1,
  menu: ['service', 'directory'],
  icon: 'users',
  input: 'in',
  outputs: ['next'],
  params,
  defaults: () => ({ recipients: [] }),
  result: z.object({ people: z.array(directoryEntry.required({ name: true })), count: z.int() }),
  check: ({ recipients }, context) => recipientProblems(recipients, context),
})
