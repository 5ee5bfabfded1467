import type { RecipientSources } from '../../nodes/directory/resolve-recipients.ts'
import type { Directory } from '../../nodes/directory/schema.ts'
import { evaluateValue } from '../../nodes/values/evaluate-value.ts'
import type { Json } from '../../nodes/json.ts'
import { readPhone } from '../../runtime/directory/phone.ts'
import type { LocalDirectory } from '../../runtime/directory/local-directory.ts'

/** What a step has to find its people with: a directory, and the names that its values can use. */
export function recipientSources(directory: Directory, names: Record<string, Json> = {}): RecipientSources {
  return {
    directory,
    organisation: { country: 'US', timeZone: 'America/New_York', locale: 'en' },
    evaluate: (value) => evaluateValue(value, { names, now: () => new Date(0) }),
    readPhone: (text) => {
      const { phone, phoneProblem } = readPhone(text, 'US')
      return { phone, problem: phoneProblem, ownerId: `phone:${Buffer.from(phone).toString('hex')}` }
    },
  }
}

/** The same with the organisation and the numbers of the local directory. */
export function localSources(directory: LocalDirectory, names: Record<string, Json> = {}): RecipientSources {
  return {
    ...recipientSources(directory, names),
    organisation: directory.organisation.current,
    readPhone: (text) => directory.organisation.readPhone(text),
  }
}
