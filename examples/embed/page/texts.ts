import type { FunctionEditorOptions } from 'sms-logic/editor'

/** What the editor calls our node and its palette folder. */
export const texts: FunctionEditorOptions['texts'] = {
  en: {
    palette: { tickets: 'Tickets' },
    nodes: {
      'open-ticket': {
        title: 'Open Ticket',
        help: 'Gives the workshop something to do',
        ports: { next: 'Then' },
        params: {
          subject: { label: 'Subject' },
          priority: { label: 'Priority', help: '1 is the most urgent' },
        },
      },
    },
  },
  'zh-CN': {
    palette: { tickets: '工单' },
    nodes: {
      'open-ticket': {
        title: '创建工单',
        help: '给维修车间派一项任务',
        ports: { next: '下一步' },
        params: { subject: { label: '主题' }, priority: { label: '优先级', help: '1 为最紧急' } },
      },
    },
  },
}
