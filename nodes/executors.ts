import { approvalExecutor } from './approval/execute.ts'
import { assignVariableExecutor } from './assign-variable/execute.ts'
import { callFunctionExecutor } from './call-function/execute.ts'
import { ccExecutor } from './cc/execute.ts'
import { conditionExecutor } from './condition/execute.ts'
import type { NodeExecutor } from './execution.ts'
import { findPeopleExecutor } from './find-people/execute.ts'
import { httpRequestExecutor } from './http-request/execute.ts'
import { loopExecutor } from './loop/execute.ts'
import { messageNotificationExecutor } from './message-notification/execute.ts'
import { parallelExecutor } from './parallel/execute.ts'
import { returnExecutor } from './return/execute.ts'
import { setItemExecutor } from './set-item/execute.ts'
import { smsNotificationExecutor } from './sms-notification/execute.ts'
import { startExecutor } from './start/execute.ts'
import { throwErrorExecutor } from './throw-error/execute.ts'
import { tryExecutor } from './try/execute.ts'
import { waitExecutor } from './wait/execute.ts'
import { waitForDeliveryExecutor } from './wait-for-delivery/execute.ts'

/** What each node type does. Read by the runtime only. */
export const nodeExecutors: readonly NodeExecutor[] = [
  startExecutor,
  assignVariableExecutor,
  setItemExecutor,
  returnExecutor,
  conditionExecutor,
  loopExecutor,
  parallelExecutor,
  waitExecutor,
  tryExecutor,
  throwErrorExecutor,
  callFunctionExecutor,
  smsNotificationExecutor,
  waitForDeliveryExecutor,
  messageNotificationExecutor,
  findPeopleExecutor,
  httpRequestExecutor,
  approvalExecutor,
  ccExecutor,
]
