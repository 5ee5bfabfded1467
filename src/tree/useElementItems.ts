import {
  BellOff,
  Building2,
  Contact,
  FileCheck2,
  IdCardLanyard,
  FolderClosed,
  History,
  Inbox,
  KeyRound,
  ListChecks,
  Mails,
  MessageCircleQuestionMark,
  MessageSquareQuote,
  MessageSquareText,
  Smartphone,
  Stamp,
  UserCog,
  Users,
  Workflow,
} from '@lucide/vue'
import { computed, type ComputedRef } from 'vue'
import type { FunctionSummary } from '../../nodes/api/elements.ts'
import { useI18n } from '../i18n/index.ts'
import { useElements } from '../stores/elements.ts'
import { useInboxChoice } from '../stores/inbox.ts'
import { directoryTabs, formatRoute, type Route } from '../stores/route.ts'
import { useRights } from '../stores/useRights.ts'
import { useSession } from '../stores/session.ts'
import { useWorklistCounts } from '../stores/worklist.ts'
import type { ElementItem } from './element-item.ts'

const directoryIcons = {
  members: Users,
  departments: Building2,
  'organisation-roles': IdCardLanyard,
  roles: UserCog,
}

/** The rows of the element tree, by group and name. */
export function useElementItems(): ComputedRef<ElementItem[]> {
  const { t, locale } = useI18n()
  const elements = useElements()
  const session = useSession()
  const inbox = useInboxChoice()
  const worklist = useWorklistCounts()
  const { can } = useRights()

  return computed(() => {
    const byName = new Intl.Collator(locale.value, { numeric: true }).compare
    const sorted = (items: ElementItem[]) => items.sort((a, b) => byName(a.label, b.label))
    const functionRow = ({ name, title, published, isChanged, isProcess }: FunctionSummary) => ({
      ...row({ page: 'function', name }, title),
      icon: isProcess ? Stamp : Workflow,
      ...(published && isChanged && { note: t('tree.draft') }),
      canChange: can('saveFunction'),
    })
    const functions = elements.functions.filter(({ isProcess }) => !isProcess).map(functionRow)
    const processes = elements.functions.filter(({ isProcess }) => isProcess).map(functionRow)
    const services = elements.services.map(({ id, name }) => ({
      ...row({ page: 'sms-service', id }, name),
      icon: MessageSquareText,
      canChange: can('updateSmsService'),
    }))
    const templates = elements.templates.map(({ id, name }) => ({
      ...row({ page: 'message-template', id }, name),
      icon: MessageSquareQuote,
      canChange: can('updateMessageTemplate'),
    }))
    const loginMethods = elements.loginMethods.map(({ id, name }) => ({
      ...row({ page: 'login-method', id }, name),
      icon: KeyRound,
      canChange: can('updateLoginMethod'),
    }))
    const directory = directoryTabs
      .filter((tab) => tab !== 'members' || can('listMembers'))
      .map((tab) => ({
        ...row({ page: 'directory', tab }, t(`directory.${tab}.title`)),
        icon: directoryIcons[tab],
      }))
    return [
      { ...group('functions', t('tree.functions'), sorted(functions)), icon: FolderClosed },
      { ...group('processes', t('approvals.processes'), sorted(processes)), icon: FolderClosed },
      { ...group('services', t('tree.services'), sorted(services)), icon: FolderClosed },
      { ...group('templates', t('tree.templates'), sorted(templates)), icon: FolderClosed },
      { ...group('login-methods', t('login.group'), sorted(loginMethods)), icon: FolderClosed },
      { ...group('directory', t('tree.directory'), directory), icon: Contact },
      ...(session.member
        ? [
            {
              ...row({ page: 'to-do', box: 'decide' }, t('approvals.worklist.title')),
              id: '/to-do',
              icon: ListChecks,
              ...(worklist.counts.decide > 0 && {
                note: t('approvals.worklist.waiting', { count: worklist.counts.decide }),
              }),
            },
          ]
        : []),
      ...(can('monitorRequests')
        ? [{ ...row({ page: 'requests', search: '' }, t('approvals.monitor.title')), icon: FileCheck2 }]
        : []),
      { ...row({ page: 'runs', search: '' }, t('runs.title')), icon: History },
      { ...row({ page: 'messages', search: '' }, t('messages.title')), icon: Mails },
      { ...row({ page: 'unknown' }, t('unknown.title')), icon: MessageCircleQuestionMark },
      ...(can('listOptOuts') ? [{ ...row({ page: 'opt-outs' }, t('optOuts.title')), icon: BellOff }] : []),
      {
        ...row({ page: 'inbox' }, t('inbox.title')),
        icon: Inbox,
        ...(inbox.unread > 0 && { note: t('inbox.unread', { count: inbox.unread }) }),
      },
      ...(session.hasSandbox && can('sandboxMessages')
        ? [{ ...row({ page: 'sandbox' }, t('tree.sandbox')), icon: Smartphone }]
        : []),
    ]
  })
}

const row = (route: Route, label: string): ElementItem => ({
  id: formatRoute(route),
  label,
  name: label,
  route,
})
const group = (id: string, label: string, children: ElementItem[]): ElementItem => ({
  id,
  label,
  name: label,
  children,
})
