import { ErrorCode, FlowError } from '../errors.ts'
import type { ExecutionContext } from '../execution.ts'
import { defineExecutor } from '../execution.ts'
import type { Json, JsonObject } from '../json.ts'
import { isForbiddenKey } from '../json.ts'
import { fillText } from '../locales/fill-text.ts'
import en from '../locales/en.json' with { type: 'json' }
import type { Value } from '../values/value.ts'
import { httpRequest } from './definition.ts'
import type { Body, Header, Row } from './definition.ts'
import { readUrl } from './read-url.ts'
import { takesBody } from './request.ts'
import type { HttpHeader } from './request.ts'
import { isSuccessStatus } from './success-status.ts'

const MAX_BODY_CHARACTERS = 1024 * 1024

export const httpRequestExecutor = defineExecutor(httpRequest, async (params, context) => {
  const url = urlOf(params.url, params.query, context)
  const body = takesBody(params.method) ? bodyOf(params.body, context) : undefined
  const headers = params.headers.flatMap((header) => headerOf(header, context))
  context.recordInput({
    method: params.method,
    // a query may hold what is personal
    url: url.origin + url.pathname,
    headers: headers.map(({ name }) => name),
    ...(body && { body: params.body.kind }),
  })
  const hasType = headers.some(({ name }) => name.toLowerCase() === 'content-type')
  const result = await context.requestHttp({
    method: params.method,
    url,
    headers: body && !hasType ? [...headers, { name: 'content-type', value: body.type }] : headers,
    body: body?.text,
    timeoutMs: params.timeoutSeconds * 1_000,
    retries: params.retries,
    mayRepeat: params.mayRepeat,
    isSuccess: (status) => isSuccessStatus(params.success, status),
  })
  return { port: 'done', result: { ...result } }
})

function urlOf(value: Value, query: readonly Row[], context: ExecutionContext): URL {
  const url = readUrl(textOf(context.evaluate(value), 'URL') ?? '')
  if (typeof url === 'string') throw invalid(url)
  for (const [name, text] of filledRows(query, context)) url.searchParams.append(name, text)
  return url
}

function headerOf({ name, value }: Header, context: ExecutionContext): HttpHeader[] {
  if (value.kind === 'secret') return [{ name, secret: value.secret, prefix: value.prefix }]
  const text = textOf(context.evaluate(value), name)
  if (text === undefined) return []
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) throw invalid('headerValue', { name })
  return [{ name, value: text.trim() }]
}

function bodyOf(body: Body, context: ExecutionContext): { text: string; type: string } | undefined {
  switch (body.kind) {
    case 'none':
      return undefined
    case 'json':
      return limited(JSON.stringify(context.evaluate(body.value)), 'application/json')
    case 'fields':
      return limited(JSON.stringify(objectOf(body.rows, context)), 'application/json')
    case 'form': {
      const text = new URLSearchParams(filledRows(body.rows, context)).toString()
      return limited(text, 'application/x-www-form-urlencoded')
    }
    case 'text':
      return limited(textOf(context.evaluate(body.value), 'body') ?? '', 'text/plain; charset=utf-8')
  }
}

function limited(text: string, type: string): { text: string; type: string } {
  if (text.length > MAX_BODY_CHARACTERS) throw invalid('bodyTooLarge', { limit: MAX_BODY_CHARACTERS })
  return { text, type }
}

function objectOf(rows: readonly Row[], context: ExecutionContext): JsonObject {
  const object: JsonObject = {}
  for (const { name, value } of rows) {
    if (isForbiddenKey(name)) throw invalid('fieldName', { name })
    object[name] = context.evaluate(value)
  }
  return object
}

/** Rows whose value is nothing are left out. */
function filledRows(rows: readonly Row[], context: ExecutionContext): [name: string, text: string][] {
  return rows.flatMap(({ name, value }): [string, string][] => {
    const text = textOf(context.evaluate(value), name)
    return text === undefined ? [] : [[name, text]]
  })
}

/** @returns nothing for a value that is nothing */
function textOf(value: Json, name: string): string | undefined {
  if (value === null) return undefined
  if (typeof value === 'object') throw invalid('notText', { name })
  return String(value)
}

function invalid(
  reason: keyof typeof en.errors.HTTP_REQUEST_INVALID.reasons,
  params: Record<string, string | number> = {},
): FlowError {
  const { hint, reasons } = en.errors.HTTP_REQUEST_INVALID
  return new FlowError(ErrorCode.HttpRequestInvalid, fillText(reasons[reason], params), {
    hint,
    params: { reason, ...params },
  })
}
