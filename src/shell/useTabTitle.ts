import {
  BellOff,
  Contact,
  FileCheck2,
  FilePlus2,
  History,
  CircleUser,
  Inbox,
  KeyRound,
  ListChecks,
  Mails,
  MessageCircleQuestionMark,
  MessageSquareQuote,
  MessageSquareText,
  ScrollText,
  Settings,
  Smartphone,
  Stamp,
  Workflow,
} from '@lucide/vue'
import type { Component } from 'vue'
import { useI18n } from '../i18n/index.ts'
import { useElements } from '../stores/elements.ts'
import type { Route } from '../stores/route.ts'

/** Title and icon of a page, as its tab shows them. */
export function useTabTitle(): (route: Route) => { title: string; icon: Component } {
  const { t } = useI18n()
  const elements = useElements()
  return (route) => {
    switch (route.page) {
      case 'function': {
        const found = elements.functions.find(({ name }) => name === route.name)
        return { title: found?.title ?? route.name, icon: found?.isProcess ? Stamp : Workflow }
      }
      case 'sms-service': {
        const found = elements.services.find(({ id }) => id === route.id)
        return { title: found?.name ?? t('tree.service'), icon: MessageSquareText }
      }
      case 'message-template': {
        const found = elements.templates.find(({ id }) => id === route.id)
        return { title: found?.name ?? t('tree.template'), icon: MessageSquareQuote }
      }
      case 'login-method': {
        const found = elements.loginMethods.find(({ id }) => id === route.id)
        return { title: found?.name ?? t('login.kind'), icon: KeyRound }
      }
      case 'directory':
        return { title: t('tree.directory'), icon: Contact }
      case 'messages':
        return { title: t('messages.title'), icon: Mails }
      case 'runs':
        return { title: t('runs.title'), icon: History }
      case 'run':
        return { title: t('runs.tab', { id: route.id.slice(-6) }), icon: History }
      case 'to-do':
        return { title: t('approvals.worklist.title'), icon: ListChecks }
      case 'initiate':
        return { title: t('approvals.initiate.title'), icon: FilePlus2 }
      case 'request':
        return { title: t('approvals.request.tab'), icon: FileCheck2 }
      case 'requests':
        return { title: t('approvals.monitor.title'), icon: FileCheck2 }
      case 'unknown':
        return { title: t('unknown.title'), icon: MessageCircleQuestionMark }
      case 'opt-outs':
        return { title: t('optOuts.title'), icon: BellOff }
      case 'inbox':
        return { title: t('inbox.title'), icon: Inbox }
      case 'account':
        return { title: t('account.title'), icon: CircleUser }
      case 'sandbox':
        return { title: t('tree.sandbox'), icon: Smartphone }
      case 'settings':
        return { title: t('app.settings'), icon: Settings }
      case 'audit':
        return { title: t('audit.title'), icon: ScrollText }
    }
  }
}
