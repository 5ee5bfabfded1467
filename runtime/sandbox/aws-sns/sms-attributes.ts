import type { AwsAccount } from '../accounts.ts'
import type { Reply } from '../wire.ts'
import { escapeXml, failure, success } from './replies.ts'

const known = new Set([
  'MonthlySpendLimit',
  'DeliveryStatusIAMRole',
  'DeliveryStatusSuccessSamplingRate',
  'DefaultSenderID',
  'DefaultSMSType',
  'UsageReportS3Bucket',
])

/** The account-wide SMS settings of SNS: kept and shown, without effect on what the phones receive. */
export function smsAttributeActions() {
  const byAccount = new Map<string, Map<string, string>>()
  const of = (account: AwsAccount) => {
    const attributes = byAccount.get(account.accessKey) ?? new Map([['MonthlySpendLimit', '1']])
    byAccount.set(account.accessKey, attributes)
    return attributes
  }
  return {
    get(form: ReadonlyMap<string, string>, account: AwsAccount): Reply {
      const wanted = members(form, (number) => `attributes.member.${number}`)
      const entries = [...of(account)]
        .filter(([name]) => wanted.length === 0 || wanted.includes(name))
        .map(([name, value]) => `<entry><key>${name}</key><value>${escapeXml(value)}</value></entry>`)
      return success('GetSMSAttributes', `<attributes>${entries.join('')}</attributes>`)
    },
    set(form: ReadonlyMap<string, string>, account: AwsAccount): Reply {
      const names = members(form, (number) => `attributes.entry.${number}.key`)
      const unknown = names.find((name) => !known.has(name))
      if (names.length === 0 || unknown !== undefined) {
        return failure({
          code: 'InvalidParameter',
          message: `Invalid parameter: attributes Reason: ${unknown ?? 'none given'}`,
        })
      }
      names.forEach((name, index) =>
        of(account).set(name, form.get(`attributes.entry.${index + 1}.value`) ?? ''),
      )
      return success('SetSMSAttributes', '')
    },
  }
}

function members(form: ReadonlyMap<string, string>, key: (number: number) => string): string[] {
  const values: string[] = []
  for (let number = 1; form.has(key(number)); number++) values.push(form.get(key(number))!)
  return values
}
