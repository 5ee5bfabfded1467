import type { z } from 'zod'
import { problemDocument } from '../../nodes/api/routes.ts'
import type { ErrorCode } from '../../nodes/errors.ts'
import { FlowError } from '../../nodes/errors.ts'
import type { ServerFile } from './server-file.ts'

/** Calls the server that has the data folder. @throws FlowError with the server's own words */
export async function askServer<Schema extends z.ZodType>(
  { url, token }: ServerFile,
  schema: Schema,
  path: string,
  body?: unknown,
): Promise<z.output<Schema>> {
  const { request: send } = await import('undici')
  const isPost = body !== undefined
  const { statusCode, body: answer } = await send(`${url}${path}`, {
    method: isPost ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, ...(isPost && { 'content-type': 'application/json' }) },
    body: isPost ? JSON.stringify(body) : null,
  })
  const document: unknown = await answer.json()
  if (statusCode < 400) return schema.parse(document)
  const problem = problemDocument.parse(document)
  throw new FlowError(problem.code as ErrorCode, problem.detail, { hint: problem.hint })
}
