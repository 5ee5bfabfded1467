import { z } from 'zod'

/** Characters of a password. Length is what counts: nothing is asked about capitals, digits or signs. */
export const SHORTEST_PASSWORD = 10
export const LONGEST_PASSWORD = 128
export const LONGEST_SIGN_IN_NAME = 200

/** A password that is to be set. */
export const newPassword = z
  .string()
  .refine((text) => [...text.normalize('NFKC')].length >= SHORTEST_PASSWORD, { error: 'passwordShort' })
  .refine((text) => [...text.normalize('NFKC')].length <= LONGEST_PASSWORD, { error: 'tooLong' })

/** A password that somebody shows. */
export const typedPassword = z.string().min(1).max(1_000)

/** By which somebody signs in. Without a letter it could be somebody's phone number. */
export const signInName = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST_SIGN_IN_NAME)
  .refine((text) => /\p{L}/u.test(text), { error: 'signInName' })
