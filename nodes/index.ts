import { assignVariable } from './assign-variable/definition.ts'
import { comment } from './comment/definition.ts'
import { condition } from './condition/definition.ts'
import type { NodeDefinition } from './define.ts'
import { httpRequest } from './http-request/definition.ts'
import { returnNode } from './return/definition.ts'
import { smsNotification } from './sms-notification/definition.ts'
import { start } from './start/definition.ts'
import { waitForDelivery } from './wait-for-delivery/definition.ts'

/** Every node type of the product, in palette order. */
export const nodeDefinitions: readonly NodeDefinition[] = [
  start,
  assignVariable,
  returnNode,
  comment,
  condition,
  smsNotification,
  waitForDelivery,
  httpRequest,
]
