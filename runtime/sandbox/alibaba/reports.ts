import { arrange } from '../receipt-plans.ts'
import type { TakenMessage } from '../sandbox-file.ts'
import type { SmsNetwork } from '../sms-network.ts'
import { showPhone } from './phone-numbers.ts'
import { beijingTime } from './queries.ts'

/** The code of a text that never reaches its phone. */
export const UNDELIVERED = 'MOBILE_NOT_ON_SERVICE'

/** Pushes what becomes of texts (SmsReport) to the address that belongs to the account. */
export function reportAlibaba(messages: readonly TakenMessage[], network: SmsNetwork): void {
  for (const message of messages) {
    const url = network.callbacksOf('alibaba', message.account)?.report
    const plan = network.receipts.of(message.to)
    if (url === undefined || plan.delivery === 'none') continue
    const isDelivered = message.failure === null
    const reports = arrange([isDelivered ? 'delivered' : 'failed'], plan)
    for (const [index, status] of reports.entries()) {
      const report = {
        phone_number: showPhone(message.to),
        send_time: beijingTime(message.at),
        report_time: beijingTime(network.now().getTime()),
        success: isDelivered,
        err_code: isDelivered ? 'DELIVERED' : message.failure,
        err_msg: isDelivered ? '用户接收成功' : '用户未接收',
        sms_size: String(message.segments),
        biz_id: message.id.split('/')[0],
        out_id: message.reference ?? '',
      }
      network.courier.pushLater(
        {
          ...{ provider: 'alibaba', kind: 'report', phone: message.to, messageId: message.id, status, url },
          contentType: 'application/json;charset=UTF-8',
          body: JSON.stringify([report]),
        },
        network.courier.delayMs * (index + 1),
      )
    }
  }
}
