import type { SandboxInfo } from '../../../nodes/api/sandbox.ts'
import { ErrorCode, FlowError } from '../../../nodes/errors.ts'
import type { Runtime } from '../../runtime.ts'
import { sandboxServices } from '../../sandbox/accounts.ts'
import { alibabaTemplates } from '../../sandbox/alibaba/templates.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { Handlers } from '../handler.ts'

export function sandboxHandlers(runtime: Runtime) {
  function running(): Sandbox {
    if (runtime.sandbox) return runtime.sandbox
    throw new FlowError(ErrorCode.NotFound, 'The SMS sandbox is switched off', {
      hint: 'Start the server without --no-sandbox.',
    })
  }
  return {
    sandbox: () => describe(runtime.sandbox),
    sandboxMessages: ({ query }) => running().messages(query.limit),
    sandboxEvents({ stream }) {
      stream.onClose(running().onMessage((message) => stream.send('message', message)))
    },
    clearSandbox: () => running().clear(),
    setSandboxFault({ body }) {
      const sandbox = running()
      sandbox.setFault(body.provider, body.fault, body.count)
      return describe(sandbox)
    },
    setSandboxReceipts({ body }) {
      const sandbox = running()
      sandbox.setReceipts(body)
      return describe(sandbox)
    },
    answerInSandbox: ({ body }) => running().answer(body.phone, body.text),
  } satisfies Partial<Handlers>
}

function describe(sandbox: Sandbox | null): SandboxInfo {
  return {
    running: sandbox !== null,
    url: sandbox?.url ?? null,
    services: sandboxServices,
    templates: alibabaTemplates.map(({ code, text }) => ({ code, text })),
    receipts: sandbox?.receipts() ?? [],
    faults: sandbox?.faults() ?? {},
  }
}
