import type { AlibabaAccount } from '../accounts.ts'
import type { SmsNetwork } from '../sms-network.ts'
import type { Reply } from '../wire.ts'
import { readPhone, showPhone } from './phone-numbers.ts'
import { missingField } from './read-texts.ts'
import { business, failure, success } from './replies.ts'

type Form = ReadonlyMap<string, string>

const DAY_MS = 86_400_000
/** Alibaba's days and times are those of Beijing. */
const BEIJING_MS = 8 * 3_600_000
const CREATED = '2026-01-01 08:00:00'

/** QuerySendDetails: what became of the texts to one number on one day. */
export function querySendDetails(form: Form, account: AlibabaAccount, network: SmsNetwork): Reply {
  const missing = missingField(form, ['PhoneNumber', 'SendDate', 'PageSize', 'CurrentPage'])
  if (missing) return failure(missing)
  const phone = readPhone(form.get('PhoneNumber')!)
  const day = startOfDay(form.get('SendDate')!)
  const pageSize = Number(form.get('PageSize'))
  const page = Number(form.get('CurrentPage'))
  if (phone === undefined) return failure(business('isv.MOBILE_NUMBER_ILLEGAL', '非法手机号'))
  if (Number.isNaN(day) || !isCount(pageSize, 50) || !isCount(page, 100_000)) {
    return failure(business('isv.INVALID_PARAMETERS', '参数异常'))
  }
  const bizId = form.get('BizId')
  const found = network.file
    .findMessages({
      provider: 'alibaba',
      account: account.accessKey,
      to: phone,
      since: day,
      until: day + DAY_MS,
      limit: 10_000,
    })
    .filter((message) => !bizId || message.id.split('/')[0] === bizId)
  const details = found.slice((page - 1) * pageSize, page * pageSize).map((message) => ({
    PhoneNum: showPhone(message.to),
    SendStatus: message.failure === null ? 3 : 2,
    ErrCode: message.failure ?? 'DELIVERED',
    TemplateCode: message.templateCode,
    Content: message.text,
    SendDate: beijingTime(message.at),
    ReceiveDate: beijingTime(message.at),
    ...(message.reference === null ? {} : { OutId: message.reference }),
  }))
  return success({ TotalCount: found.length, SmsSendDetailDTOs: { SmsSendDetailDTO: details } })
}

export function querySmsSignList(form: Form, account: AlibabaAccount): Reply {
  const pageSize = Number(form.get('PageSize') || 10)
  const page = Number(form.get('PageIndex') || 1)
  if (!isCount(pageSize, 50) || !isCount(page, 100_000)) {
    return failure(business('isv.INVALID_PARAMETERS', '参数异常'))
  }
  return success({
    TotalCount: account.signs.length,
    CurrentPage: page,
    PageSize: pageSize,
    SmsSignList: account.signs.slice((page - 1) * pageSize, page * pageSize).map((sign, index) => ({
      SignName: sign,
      AuditStatus: 'AUDIT_STATE_PASS',
      BusinessType: '验证码类型',
      CreateDate: CREATED,
      OrderId: String(1_000 + (page - 1) * pageSize + index),
      Reason: { RejectInfo: '', RejectSubInfo: '', RejectDate: '' },
    })),
  })
}

const statusNumber = { pending: 0, approved: 1, rejected: 2 } as const
const typeNumber = { code: 0, notice: 1, promotion: 2 } as const

export function querySmsTemplate(form: Form, account: AlibabaAccount): Reply {
  const missing = missingField(form, ['TemplateCode'])
  if (missing) return failure(missing)
  const template = account.templates.find((each) => each.code === form.get('TemplateCode'))
  if (!template) return failure(business('isv.SMS_TEMPLATE_ILLEGAL', '该账号下找不到对应模板'))
  return success({
    TemplateCode: template.code,
    TemplateName: template.name,
    TemplateContent: template.text,
    TemplateStatus: statusNumber[template.status],
    TemplateType: typeNumber[template.kind],
    CreateDate: CREATED,
    Reason: template.status === 'rejected' ? '模板内容不合规' : '',
  })
}

/** @param date `yyyyMMdd` of Beijing; NaN for what is no day */
function startOfDay(date: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)$/.exec(date)
  return match ? Date.parse(`${match[1]}-${match[2]}-${match[3]}T00:00:00+08:00`) : Number.NaN
}

/** `yyyy-MM-dd HH:mm:ss` of China. */
export function beijingTime(milliseconds: number): string {
  return new Date(milliseconds + BEIJING_MS).toISOString().slice(0, 19).replace('T', ' ')
}

function isCount(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most
}
