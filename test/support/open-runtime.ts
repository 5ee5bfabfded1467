import { randomBytes } from 'node:crypto'
import { createRuntime } from '../../runtime/index.ts'
import type { LocalRuntime, RuntimeOptions } from '../../runtime/index.ts'
import { sandboxServices } from '../../runtime/sandbox/accounts.ts'
import { newFolder } from './product.ts'

const key = randomBytes(32).toString('base64')

/** A runtime with its sandbox on a new data folder, or on the one that is given. */
export function openRuntime(options: Partial<RuntimeOptions> = {}): Promise<LocalRuntime> {
  return createRuntime({
    data: newFolder(),
    sandbox: true,
    environment: { SMS_LOGIC_KEY: key },
    ...options,
  })
}

/** An SMS service that talks to the runtime's sandbox, or to `endpoint`; it texts everybody unless its policy says otherwise. */
export function twilioService(
  runtime: LocalRuntime,
  settings: Record<string, unknown> = {},
  policy: Record<string, unknown> = {},
): string {
  return runtime.services.create({
    name: `Twilio ${randomBytes(4).toString('hex')}`,
    provider: 'twilio',
    settings: { ...sandboxServices.twilio, ...settings },
    policy: { testMode: false, ...policy },
  }).id
}

export function addMember(runtime: LocalRuntime, name: string, phone: string, more: object = {}): string {
  return runtime.directory.memberStore.create({ name, phone, status: 'in-service', departments: [], ...more })
    .id
}
