import { randomUUID } from 'node:crypto'
import type { Reply } from '../wire.ts'

export interface AwsError {
  code: string
  message: string
  /** 400 unless said otherwise. */
  status?: number
}

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/'

/** @param result inner XML of `<ActionResult>` */
export function success(action: string, result: string): Reply {
  const requestId = randomUUID()
  return xmlReply(
    200,
    requestId,
    `<${action}Response xmlns="${NAMESPACE}"><${action}Result>${result}</${action}Result>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`,
  )
}

export function failure({ code, message, status = 400 }: AwsError): Reply {
  const requestId = randomUUID()
  const type = status < 500 ? 'Sender' : 'Receiver'
  const reply = xmlReply(
    status,
    requestId,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${type}</Type><Code>${code}</Code>` +
      `<Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  )
  return { ...reply, code }
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`).replace(notInXml, '\uFFFD')
}

/** What XML 1.0 cannot carry, not even escaped. */
const notInXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

function xmlReply(status: number, requestId: string, body: string): Reply {
  return { status, contentType: 'text/xml', body, headers: { 'x-amzn-requestid': requestId } }
}
