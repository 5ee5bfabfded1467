import { z } from 'zod'
import { concurrency, endpoint, secret } from './common.ts'

const sid = (prefix: string) => new RegExp(`^${prefix}[0-9a-fA-F]{32}$`)

/** @see Twilio "Messages resource" and its OpenAPI document for the patterns of SIDs, read 2026-08 */
export const twilioSettings = z
  .strictObject({
    accountSid: z.string().trim().regex(sid('AC'), { error: 'twilioAccountSid' }),
    authToken: secret.meta({ secret: true, control: 'password' }),
    /** E.164 number, short code (3–8 digits) or alphanumeric sender (1–11 characters with a letter). */
    fromNumber: z
      .string()
      .trim()
      .regex(/^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/, { error: 'twilioFrom' })
      .optional(),
    messagingServiceSid: z
      .string()
      .trim()
      .regex(sid('MG'), { error: 'twilioMessagingServiceSid' })
      .optional()
      .meta({ advanced: true }),
    /** An API key pair may stand in for the auth token on requests; receipts stay signed by the auth token. */
    apiKeySid: z
      .string()
      .trim()
      .regex(sid('SK'), { error: 'twilioApiKeySid' })
      .optional()
      .meta({ advanced: true }),
    apiKeySecret: secret.optional().meta({ secret: true, advanced: true, control: 'password' }),
    region: z
      .string()
      .trim()
      .regex(/^[a-z]{2}\d$/)
      .optional()
      .meta({ advanced: true, placeholder: 'ie1' }),
    edge: z
      .string()
      .trim()
      .regex(/^[a-z-]{2,30}$/)
      .optional()
      .meta({ advanced: true, placeholder: 'dublin' }),
    endpoint,
    concurrency,
  })
  .check((context) => {
    const settings = context.value
    if (!settings.fromNumber && !settings.messagingServiceSid) {
      context.issues.push({ code: 'custom', path: ['fromNumber'], message: 'twilioSender', input: settings })
    }
    if (settings.apiKeySid && !settings.apiKeySecret) {
      context.issues.push({ code: 'custom', path: ['apiKeySecret'], message: 'required', input: settings })
    }
  })
export type TwilioSettings = z.infer<typeof twilioSettings>
