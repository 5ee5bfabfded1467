import { templateContent } from '../../../nodes/message-templates/schema.ts'
import type { TemplateContent } from '../../../nodes/message-templates/schema.ts'
import type { SmsServiceSummary } from '../../../nodes/services/sms/settings.ts'

export const services = {
  alibaba: { id: 'ali', name: 'Aliyun', provider: 'alibaba', sandbox: true },
  sns: { id: 'sns', name: 'SNS', provider: 'aws-sns', sandbox: true },
  twilio: { id: 'tw', name: 'Twilio', provider: 'twilio', sandbox: true },
} as const satisfies Record<string, SmsServiceSummary>

export const CONTENT_SID = `HX${'a'.repeat(32)}`

/** A template in two languages, bound to Alibaba. */
export function sampleTemplate(changes: Record<string, unknown> = {}): TemplateContent {
  return templateContent.parse({
    name: 'Shift alarm',
    placeholders: [
      { name: 'device', sample: 'Pump 7', maxLength: 20 },
      { name: 'reason', sample: 'pressure is low' },
    ],
    texts: { en: '${device} needs help: ${reason}', 'zh-CN': '设备${device}需要处理：${reason}' },
    bindings: {
      ali: {
        kind: 'alibaba-template',
        byLocale: {
          en: { templateCode: 'SMS_100001', variables: { device: 'device', text: 'reason' } },
          'zh-CN': { templateCode: 'SMS_100002', variables: { device: 'device', text: 'reason' } },
        },
      },
    },
    ...changes,
  })
}
