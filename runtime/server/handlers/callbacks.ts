import type { FastifyRequest } from 'fastify'
import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'

export function callbackHandlers({ callbacks, settings }: Runtime) {
  const reply = { code: 0, msg: 'ok' } as const
  return {
    twilioStatus: ({ body, request }) => callbacks.twilioStatus(signed(request, body)),
    twilioInbound: ({ body, request }) => callbacks.twilioInbound(signed(request, body)),
    async alibabaReport({ params, body }) {
      await callbacks.alibabaReports(params.secret, body)
      return reply
    },
    async alibabaUp({ params, body }) {
      await callbacks.alibabaAnswers(params.secret, body)
      return reply
    },
    callbackAddresses: ({ params }) => callbacks.addresses.of(params.id),
    serverSettings: () => view(settings),
    writeServerSettings({ body }) {
      if (body.publicUrl !== undefined) settings.setPublicUrl(body.publicUrl)
      if (body.egressAllow !== undefined) settings.setEgressAllow(body.egressAllow)
      if (body.retentionDays !== undefined) settings.setRetentionDays(body.retentionDays)
      if (body.auditDays !== undefined) settings.setAuditDays(body.auditDays)
      return view(settings)
    },
  } satisfies Partial<Handlers>
}

function view(settings: Runtime['settings']) {
  return {
    retentionDays: settings.retentionDays,
    auditDays: settings.auditDays,
    publicUrl: settings.publicUrl ?? null,
    publicUrlGiven: settings.isPublicUrlGiven,
    egressAllow: [...settings.egressAllow],
    egressAllowGiven: settings.isEgressAllowGiven,
  }
}

function signed({ url, headers }: FastifyRequest, body: string) {
  const signature = headers['x-twilio-signature']
  return { path: url, body, signature: typeof signature === 'string' ? signature : undefined }
}
