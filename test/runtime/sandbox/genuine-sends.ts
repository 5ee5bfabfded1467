import * as dysmsapi from '@alicloud/dysmsapi20170525'
import { $OpenApiUtil } from '@alicloud/openapi-core'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import twilio from 'twilio'
import type { SmsProviderName } from '../../../nodes/services/sms/settings.ts'
import {
  sandboxAlibabaAccount,
  sandboxAwsAccount,
  sandboxTwilioAccount,
} from '../../../runtime/sandbox/accounts.ts'
import { recordRequest } from './record-request.ts'
import type { RecordedRequest } from './record-request.ts'

/** A send as each vendor's SDK writes it to the wire, new at every call. */
export const recordSend: Record<SmsProviderName, () => Promise<RecordedRequest>> = {
  twilio: () =>
    recordRequest((url) => {
      const client = twilio(sandboxTwilioAccount.accountSid, sandboxTwilioAccount.authToken)
      client.api.baseUrl = url
      return client.messages.create({
        to: '+12025550123',
        from: sandboxTwilioAccount.senders[0],
        body: 'Hello',
      })
    }),
  'aws-sns': () =>
    recordRequest((url) =>
      new SNSClient({
        endpoint: url,
        region: 'eu-west-1',
        maxAttempts: 1,
        credentials: {
          accessKeyId: sandboxAwsAccount.accessKey,
          secretAccessKey: sandboxAwsAccount.secretKey,
        },
      }).send(new PublishCommand({ PhoneNumber: '+447700900123', Message: 'Hello' })),
    ),
  alibaba: () => recordRequest((url) => sendAlibaba(url, ['13800000001'])),
}

/** One SendSms, through the vendor's SDK, to all the numbers. */
export function sendAlibaba(url: string, numbers: readonly string[]): Promise<unknown> {
  const config = new $OpenApiUtil.Config({
    endpoint: new URL(url).host,
    protocol: 'http',
    accessKeyId: sandboxAlibabaAccount.accessKey,
    accessKeySecret: sandboxAlibabaAccount.accessSecret,
  })
  return new AlibabaClient(config).sendSms(
    new dysmsapi.SendSmsRequest({
      phoneNumbers: numbers.join(','),
      signName: sandboxAlibabaAccount.signs[0],
      templateCode: 'SMS_100005',
    }),
  )
}

/** The package is CommonJS: imported by Node, its class lies one `default` deeper than its types say. */
export const AlibabaClient = ((dysmsapi.default as unknown as { default?: unknown }).default ??
  dysmsapi.default) as typeof dysmsapi.default
