import { accountRoles } from '../../../nodes/api/rights.ts'
import type { AuditEntry } from '../../../nodes/api/audit.ts'
import { useI18n, type TextKey } from '../../i18n/index.ts'

/** An entry of the audit log in words. */
export function useAuditText() {
  const { t, locale } = useI18n()
  const whoOf = ({ who }: AuditEntry) => who.name ?? t(`audit.kinds.${who.kind}`)
  const whereOf = ({ who }: AuditEntry) => [who.device, who.address].filter(Boolean).join(' · ')
  const didOf = ({ thing, verb }: AuditEntry) =>
    t('audit.line', { thing: t(`audit.things.${thing}`), verb: t(`audit.verbs.${verb}`) })
  const timeOf = ({ time }: AuditEntry) =>
    new Date(time).toLocaleString(locale.value, { dateStyle: 'medium', timeStyle: 'medium' })

  function valueOf(name: string, value: string | number | boolean): string {
    if (typeof value === 'boolean') return t(value ? 'audit.yes' : 'audit.no')
    const role = accountRoles.find((each) => name === 'role' && each === value)
    return role ? t(`account.roles.${role}`) : String(value)
  }
  const factsOf = ({ detail = {} }: AuditEntry) =>
    Object.entries(detail).map(([name, value]) =>
      t('audit.fact', { name: t(`audit.details.${name}` as TextKey), value: valueOf(name, value) }),
    )
  return { whoOf, whereOf, didOf, timeOf, factsOf }
}
