import { assignVariableExecutor } from './assign-variable/execute.ts'
import { conditionExecutor } from './condition/execute.ts'
import type { NodeExecutor } from './execution.ts'
import { httpRequestExecutor } from './http-request/execute.ts'
import { returnExecutor } from './return/execute.ts'
import { smsNotificationExecutor } from './sms-notification/execute.ts'
import { startExecutor } from './start/execute.ts'
import { waitForDeliveryExecutor } from './wait-for-delivery/execute.ts'

/** What each node type does. Read by the runtime only. */
export const nodeExecutors: readonly NodeExecutor[] = [
  startExecutor,
  assignVariableExecutor,
  returnExecutor,
  conditionExecutor,
  smsNotificationExecutor,
  waitForDeliveryExecutor,
  httpRequestExecutor,
]
