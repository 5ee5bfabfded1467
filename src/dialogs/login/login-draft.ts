import { fieldProblems } from '../../../nodes/field-problems.ts'
import { mobileLoginSettings, type LoginMethod } from '../../../nodes/login/mobile-login.ts'
import { smsProviders, type SmsProviderName } from '../../../nodes/services/sms/settings.ts'

/** A mobile login as it stands in its form; numbers are null while their fields are empty. */
export interface LoginDraft {
  name: string
  service: string
  templateCode: string
  templateText: string
  autofill: boolean
  allowRegistration: boolean
  countries: string[]
  dailyCodes: number | null
  hourlyPerAddress: number | null
}

export function newDraft(words: { name: string; text: string }): LoginDraft {
  const start = mobileLoginSettings.parse({ name: words.name, service: '-' })
  return { ...start, service: '', templateCode: '', templateText: words.text }
}

export function draftOf(method: LoginMethod): LoginDraft {
  const { id: _, revision: __, updated: ___, ...settings } = method
  return { ...settings, templateCode: settings.templateCode ?? '', templateText: settings.templateText ?? '' }
}

/** What is sent to the server: of template and text only what the service takes. */
export function settingsOf(draft: LoginDraft, provider: SmsProviderName | undefined) {
  const { templateCode, templateText, dailyCodes, hourlyPerAddress, ...rest } = draft
  const words = isByTemplate(provider) ? { templateCode } : { templateText }
  // an empty number is refused where it is checked
  return { ...rest, ...words, dailyCodes: dailyCodes as number, hourlyPerAddress: hourlyPerAddress as number }
}

/** True where the provider sends approved templates by their code instead of texts. */
export function isByTemplate(provider: SmsProviderName | undefined): boolean {
  return provider !== undefined && smsProviders[provider].template === 'code'
}

/** The refused fields, each as a key below `validation.`. */
export function checkDraft(draft: LoginDraft, provider: SmsProviderName | undefined): Record<string, string> {
  const errors: Record<string, string> = {}
  const settings = settingsOf(draft, provider)
  const parsed = mobileLoginSettings.safeParse(settings)
  if (!parsed.success) {
    for (const { path, key } of fieldProblems(parsed.error, settings)) {
      // one entry of a list is shown at its list
      errors[path.split('/')[0]!] ??= key ?? 'invalid'
    }
  }
  if (draft.name.trim() === '') errors['name'] = 'required'
  if (draft.service === '') errors['service'] = 'required'
  if (isByTemplate(provider)) {
    if (draft.templateCode.trim() === '') errors['templateCode'] = 'required'
  } else if (draft.templateText.trim() === '') errors['templateText'] = 'codeText'
  if (draft.dailyCodes === null) errors['dailyCodes'] = 'required'
  if (draft.hourlyPerAddress === null) errors['hourlyPerAddress'] = 'required'
  return errors
}
