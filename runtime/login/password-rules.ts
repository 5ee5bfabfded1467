import { SHORTEST_PASSWORD } from '../../nodes/login/password.ts'
import { commonPasswords } from './common-passwords.ts'

/** Why a password is not taken; texts: `validation.<key>`. */
export type PasswordProblem = 'passwordCommon' | 'passwordSimple' | 'passwordPersonal'

/** Fewer different characters than this are a pattern. */
const FEWEST_CHARACTERS = 5
/** Shorter names in Latin letters are part of many words. */
const SHORTEST_NAME = 4
/** Of a phone number: what is left of it without country and area. */
const PHONE_END = 7

/** What is compared of names and words: capitals, width and spaces make no difference. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}

/** The same password on every keyboard: one letter may be typed in several ways. */
export function normalPassword(password: string): string {
  return password.normalize('NFKC')
}

/**
 * @param own names and phone number of whoever is to have the password
 * @returns why it is too easily guessed, whatever its length
 */
export function passwordProblem(
  password: string,
  own: { names: readonly string[]; phone: string },
): PasswordProblem | undefined {
  const typed = folded(password).replaceAll(' ', '')
  if (commonPasswords.has(typed)) return 'passwordCommon'
  if (new Set(typed).size < FEWEST_CHARACTERS) return 'passwordSimple'
  const left = wordsOf(own).reduce((rest, word) => rest.replaceAll(word, ''), typed)
  return left !== typed && left.length < SHORTEST_PASSWORD ? 'passwordPersonal' : undefined
}

/** What everybody knows of somebody, longest first: whole names, their parts, the end of the number. */
function wordsOf({ names, phone }: { names: readonly string[]; phone: string }): string[] {
  const words = names.flatMap((name) => [folded(name).replaceAll(' ', ''), ...folded(name).split(' ')])
  const digits = phone.replace(/\D/g, '').slice(-PHONE_END)
  if (digits.length === PHONE_END) words.push(digits)
  return words
    .filter((word) => word.length >= SHORTEST_NAME || /[^\x20-\x7e]/.test(word))
    .sort((one, other) => other.length - one.length)
}
