import { z } from 'zod'
import { concurrency, endpoint, secret } from './common.ts'

/** @see Alibaba Cloud "SendSms" and "Endpoints" of Dysmsapi 2017-05-25, read 2026-08 */
export const alibabaSettings = z.strictObject({
  accessKey: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9.]{10,128}$/, { error: 'alibabaAccessKey' }),
  accessSecret: secret.meta({ secret: true, control: 'password' }),
  /** The approved signature that stands in brackets before each text. */
  verifySign: z.string().trim().min(2, { error: 'alibabaSign' }).max(100),
  region: z
    .string()
    .trim()
    .regex(/^[a-z]{2}-[a-z]+(-\d)?$/, { error: 'alibabaRegion' })
    .optional()
    .meta({ advanced: true, placeholder: 'cn-hangzhou' }),
  securityToken: z
    .string()
    .trim()
    .min(1)
    .max(5_000)
    .optional()
    .meta({ secret: true, advanced: true, control: 'password' }),
  endpoint,
  concurrency,
})
export type AlibabaSettings = z.infer<typeof alibabaSettings>
