import { createRequire } from 'node:module'

type Dysms = typeof import('@alicloud/dysmsapi20170525', { with: { 'resolution-mode': 'require' } })
type OpenApi = typeof import('@alicloud/openapi-core', { with: { 'resolution-mode': 'require' } })

const require = createRequire(import.meta.url)

// CommonJS with a `default` of its own: Node, bundlers and test runners each make something else of an `import` of it.
const dysms = require('@alicloud/dysmsapi20170525') as Dysms
const openApi = require('@alicloud/openapi-core') as OpenApi

export const {
  default: DysmsClient,
  SendBatchSmsRequest,
  SendSmsRequest,
  QuerySendDetailsRequest,
  QuerySmsSignListRequest,
  QuerySmsTemplateRequest,
} = dysms
export const { OpenApiUtil } = openApi
export const { Config } = openApi.$OpenApiUtil
