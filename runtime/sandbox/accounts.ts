import { SANDBOX_ENDPOINT } from '../../nodes/services/sms/common.ts'
import type { SmsProviderName } from '../../nodes/services/sms/settings.ts'
import { alibabaTemplates } from './alibaba/templates.ts'
import type { AlibabaTemplate } from './alibaba/templates.ts'
import { twilioContents } from './twilio/contents.ts'
import type { TwilioContent } from './twilio/contents.ts'

export interface TwilioAccount {
  accountSid: string
  authToken: string
  apiKeys: readonly { sid: string; secret: string }[]
  /** What `From` may say: E.164 numbers, short codes, alphanumeric senders. */
  senders: readonly string[]
  messagingServices: readonly { sid: string; sender: string }[]
  /** Countries this account may not text, as the beginnings of E.164 numbers. */
  blockedPrefixes: readonly string[]
  contents: readonly TwilioContent[]
}

export interface AwsAccount {
  accessKey: string
  secretKey: string
  /** Temporary credentials: every request must carry exactly this token. */
  sessionToken?: string
}

export interface AlibabaAccount {
  accessKey: string
  accessSecret: string
  /** Temporary credentials: every request must carry exactly this token. */
  securityToken?: string
  /** Approved signatures. */
  signs: readonly string[]
  templates: readonly AlibabaTemplate[]
}

/** The accounts that the emulators know. None of them exists at a provider. */
export interface SandboxAccounts {
  twilio: readonly TwilioAccount[]
  'aws-sns': readonly AwsAccount[]
  alibaba: readonly AlibabaAccount[]
}

export const sandboxTwilioAccount = {
  accountSid: 'AC00000000000000000000000000000001',
  authToken: 'sandbox-auth-token',
  apiKeys: [{ sid: 'SK00000000000000000000000000000001', secret: 'sandbox-api-key-secret' }],
  senders: ['+15005550006', '+447700900001', '22395', 'Sandbox'],
  messagingServices: [{ sid: 'MG00000000000000000000000000000001', sender: '+15005550006' }],
  blockedPrefixes: ['+881', '+979'],
  contents: twilioContents,
} as const satisfies TwilioAccount

export const sandboxAwsAccount = {
  accessKey: 'AKIASANDBOXEXAMPLE00',
  secretKey: 'sandbox-secret-key',
} as const satisfies AwsAccount

export const sandboxAlibabaAccount = {
  accessKey: 'LTAISandboxExample',
  accessSecret: 'sandbox-access-secret',
  signs: ['短信沙箱', 'Sandbox'],
  templates: alibabaTemplates,
} as const satisfies AlibabaAccount

/** Whoever holds this number has answered STOP. Twilio reserves it for that; here all three emulators do. */
export const sandboxOptedOutNumber = '+15005550004'

/** For each provider the settings that make a service talk to the sandbox, credentials included. */
export const sandboxServices = {
  alibaba: {
    accessKey: sandboxAlibabaAccount.accessKey,
    accessSecret: sandboxAlibabaAccount.accessSecret,
    verifySign: sandboxAlibabaAccount.signs[0],
    endpoint: SANDBOX_ENDPOINT,
  },
  'aws-sns': {
    accessKey: sandboxAwsAccount.accessKey,
    secretKey: sandboxAwsAccount.secretKey,
    region: 'eu-west-1',
    endpoint: SANDBOX_ENDPOINT,
  },
  twilio: {
    accountSid: sandboxTwilioAccount.accountSid,
    authToken: sandboxTwilioAccount.authToken,
    fromNumber: sandboxTwilioAccount.senders[0],
    endpoint: SANDBOX_ENDPOINT,
  },
} as const satisfies Record<SmsProviderName, Record<string, string>>
