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
      settings.setPublicUrl(body.publicUrl)
      return view(settings)
    },
  } satisfies Partial<Handlers>
}

function view({ publicUrl, isPublicUrlGiven }: Runtime['settings']) {
  return { publicUrl: publicUrl ?? null, publicUrlGiven: isPublicUrlGiven }
}

function signed({ url, headers }: FastifyRequest, body: string) {
  const signature = headers['x-twilio-signature']
  return { path: url, body, signature: typeof signature === 'string' ? signature : undefined }
}
