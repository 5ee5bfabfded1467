import type { z } from 'zod'
import type { credentialsCheck } from '../../../nodes/api/elements.ts'
import { ErrorCode, FlowError } from '../../../nodes/errors.ts'
import { explainProviderCode } from '../../../nodes/services/sms/explanations/index.ts'
import type { CredentialsCheck } from '../../../nodes/services/sms/provider.ts'
import type { Runtime } from '../../runtime.ts'
import type { Handlers } from '../handler.ts'

export function smsServiceHandlers(runtime: Runtime) {
  const { services } = runtime
  return {
    listSmsServices: () => services.list(),
    createSmsService: ({ body }) => services.create(body),
    getSmsService: ({ params }) => services.get(params.id),
    updateSmsService: ({ params, body }) => services.update(params.id, body),
    deleteSmsService: ({ params }) => services.delete(params.id),
    smsServiceUsage({ params }) {
      services.get(params.id)
      return services.usage(params.id)
    },
    checkSmsService: async ({ params }) => describeCheck(await runtime.checkService(params.id)),
    async providerTemplate({ params }) {
      const template = await runtime.describeTemplate(params.id, params.code)
      if (template) return template
      throw new FlowError(ErrorCode.NotFound, `The provider has no template ${params.code}`, {
        hint: 'Look the code up in the console of the provider.',
        params: { code: params.code },
      })
    },
  } satisfies Partial<Handlers>
}

function describeCheck(check: CredentialsCheck): z.input<typeof credentialsCheck> {
  if (check.ok) return check
  const { provider, providerCode, about, message } = check.error
  const explanation = explainProviderCode(provider, providerCode, 'en')
  return {
    ok: false,
    error: {
      code: about === 'network' ? ErrorCode.SmsUnreachable : ErrorCode.SmsRejected,
      provider,
      providerCode,
      message: explanation?.cause ?? message,
      ...(explanation && { hint: explanation.remedy }),
    },
  }
}
