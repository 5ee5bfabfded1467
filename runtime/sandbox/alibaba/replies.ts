import { randomUUID } from 'node:crypto'
import type { Reply } from '../wire.ts'

/** A refusal: the gateway's with an HTTP status of 400 and more, the SMS product's (`isv.…`) with 200. */
export interface AlibabaError {
  code: string
  message: string
  status: number
}

export function success(fields: Record<string, unknown>): Reply {
  return jsonReply(200, { Message: 'OK', Code: 'OK', RequestId: requestId(), ...fields })
}

export function failure({ code, message, status }: AlibabaError): Reply {
  const body = { Code: code, Message: message, RequestId: requestId() }
  const gateway = {
    HostId: 'dysmsapi.aliyuncs.com',
    Recommend: `https://api.aliyun.com/troubleshoot?q=${code}&product=Dysmsapi`,
  }
  return { ...jsonReply(status, status === 200 ? body : { ...body, ...gateway }), code }
}

/** A refusal of the SMS product itself. */
export function business(code: string, message: string): AlibabaError {
  return { code, message, status: 200 }
}

function requestId(): string {
  return randomUUID().toUpperCase()
}

function jsonReply(status: number, body: unknown): Reply {
  return { status, contentType: 'application/json;charset=utf-8', body: JSON.stringify(body) }
}
