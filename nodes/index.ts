import { approval } from './approval/definition.ts'
import { assignVariable } from './assign-variable/definition.ts'
import { callFunction } from './call-function/definition.ts'
import { cc } from './cc/definition.ts'
import { checkCode } from './check-code/definition.ts'
import { comment } from './comment/definition.ts'
import { condition } from './condition/definition.ts'
import type { NodeDefinition } from './define.ts'
import { findPeople } from './find-people/definition.ts'
import { httpRequest } from './http-request/definition.ts'
import { loop } from './loop/definition.ts'
import { messageNotification } from './message-notification/definition.ts'
import { parallel } from './parallel/definition.ts'
import { returnNode } from './return/definition.ts'
import { sendCode } from './send-code/definition.ts'
import { setItem } from './set-item/definition.ts'
import { smsNotification } from './sms-notification/definition.ts'
import { start } from './start/definition.ts'
import { throwError } from './throw-error/definition.ts'
import { tryNode } from './try/definition.ts'
import { wait } from './wait/definition.ts'
import { waitForDelivery } from './wait-for-delivery/definition.ts'

/** Every node type of the product, in palette order. */
export const nodeDefinitions: readonly NodeDefinition[] = [
  start,
  assignVariable,
  setItem,
  returnNode,
  comment,
  condition,
  loop,
  parallel,
  wait,
  tryNode,
  throwError,
  smsNotification,
  waitForDelivery,
  messageNotification,
  sendCode,
  checkCode,
  findPeople,
  httpRequest,
  callFunction,
  approval,
  cc,
]
