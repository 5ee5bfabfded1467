import type { Reply } from '../wire.ts'

export interface Refusal {
  code: number
  message: string
  /** 400 unless said otherwise. */
  status?: number
}

export function jsonReply(status: number, body: unknown): Reply {
  return { status, contentType: 'application/json', body: JSON.stringify(body) }
}

/** @see Twilio "Error and warning dictionary", read 2026-08 */
export function refuse({ code, message, status = 400 }: Refusal): Reply {
  return {
    ...jsonReply(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }),
    code: String(code),
  }
}

export const unauthorized = refuse({ code: 20003, message: 'Authenticate', status: 401 })

export function notFound(path: string): Reply {
  return refuse({ code: 20404, message: `The requested resource ${path} was not found`, status: 404 })
}
