import { z } from 'zod'
import { concurrency, endpoint, secret } from './common.ts'

/** @see Amazon SNS "Publish" and "Message attributes for SMS", read 2026-08 */
export const awsSnsSettings = z.strictObject({
  accessKey: z
    .string()
    .trim()
    .regex(/^[A-Z0-9]{16,128}$/, { error: 'awsAccessKey' }),
  secretKey: secret.meta({ secret: true, control: 'password' }),
  region: z
    .string()
    .trim()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'awsRegion' })
    .meta({ placeholder: 'eu-west-1' }),
  sessionToken: z
    .string()
    .trim()
    .min(1)
    .max(5_000)
    .optional()
    .meta({ secret: true, advanced: true, control: 'password' }),
  senderId: z
    .string()
    .trim()
    .regex(/^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/, { error: 'awsSenderId' })
    .optional(),
  smsType: z
    .enum(['Transactional', 'Promotional'])
    .default('Transactional')
    .meta({ control: 'select', options: ['Transactional', 'Promotional'] }),
  /** US dollars per message, as SNS wants it: a decimal in a string. */
  maxPrice: z
    .string()
    .trim()
    .regex(/^\d{1,3}(\.\d{1,5})?$/, { error: 'awsMaxPrice' })
    .optional()
    .meta({ advanced: true, placeholder: '0.50' }),
  originationNumber: z
    .string()
    .trim()
    .regex(/^\+?\d{5,15}$/, { error: 'phone' })
    .optional()
    .meta({ advanced: true }),
  endpoint,
  concurrency,
})
export type AwsSnsSettings = z.infer<typeof awsSnsSettings>
