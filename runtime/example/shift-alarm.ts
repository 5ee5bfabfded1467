import { templateContent } from '../../nodes/message-templates/schema.ts'
import type { TemplateContent } from '../../nodes/message-templates/schema.ts'

/** The message template that a new data folder starts with: the night shift's alarm in two languages. */
export const shiftAlarm: TemplateContent = templateContent.parse({
  name: 'Shift alarm',
  defaultLocale: 'en',
  placeholders: [
    { name: 'device', maxLength: 40, sample: 'Pump 7' },
    { name: 'severity', type: 'number', sample: '5' },
  ],
  texts: {
    en: '${device} needs help (severity ${severity}). Please go there now.',
    'zh-CN': '设备${device}需要处理（级别${severity}），请立即前往。',
  },
})
