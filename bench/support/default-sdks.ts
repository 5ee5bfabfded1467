import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import twilio from 'twilio'
import type { AlibabaSettings } from '../../nodes/services/sms/alibaba.ts'
import type { AwsSnsSettings } from '../../nodes/services/sms/aws-sns.ts'
import type { OutgoingSms } from '../../nodes/services/sms/provider.ts'
import type { TwilioSettings } from '../../nodes/services/sms/twilio.ts'
import { Config, DysmsClient, SendSmsRequest } from '../../runtime/providers/sms/alibaba-sdk.ts'

type Send = (message: OutgoingSms) => Promise<unknown>

/** The three libraries as their own documentation shows them, with nothing changed but the address. */
export const defaultSdks = {
  twilio(settings: TwilioSettings, origin: string): Send {
    const client = twilio(settings.accountSid, settings.authToken)
    client.api.baseUrl = origin
    return ({ to, text }) => client.messages.create({ to, body: text, from: settings.fromNumber })
  },
  'aws-sns'(settings: AwsSnsSettings, origin: string): Send {
    const client = new SNSClient({
      endpoint: origin,
      region: settings.region,
      credentials: { accessKeyId: settings.accessKey, secretAccessKey: settings.secretKey },
    })
    const MessageAttributes = { 'AWS.SNS.SMS.SMSType': { DataType: 'String', StringValue: settings.smsType } }
    return ({ to, text }) =>
      client.send(new PublishCommand({ PhoneNumber: to, Message: text, MessageAttributes }))
  },
  alibaba(settings: AlibabaSettings, origin: string): Send {
    const { accessKey, accessSecret, verifySign } = settings
    const client = new DysmsClient(
      new Config({
        accessKeyId: accessKey,
        accessKeySecret: accessSecret,
        endpoint: new URL(origin).host,
        protocol: 'http',
      }),
    )
    return ({ to, templateCode, templateVariables }) =>
      client.sendSms(
        new SendSmsRequest({
          phoneNumbers: to,
          signName: verifySign,
          templateCode,
          templateParam: JSON.stringify(templateVariables),
        }),
      )
  },
}
