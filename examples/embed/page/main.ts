import { mountFunctionEditor, type Host } from 'sms-logic/editor'
import 'sms-logic/editor/style.css'
import { openTicket } from '../open-ticket.ts'
import PriorityField from './PriorityField.vue'
import TicketIcon from './TicketIcon.vue'
import { texts } from './texts.ts'

const host: Host = { send: (path, { body = null, ...request }) => fetch(`/sms${path}`, { ...request, body }) }

for (const [id, locale] of [
  ['english', 'en'],
  ['chinese', 'zh-CN'],
] as const) {
  await mountFunctionEditor(document.getElementById(id)!, {
    functionName: 'night-shift-alarm',
    locale,
    host,
    nodes: [openTicket],
    icons: { ticket: TicketIcon },
    controls: { priority: PriorityField },
    texts,
  })
}
