import { z } from 'zod'
import { defineNode } from '../define.ts'
import type { Problem } from '../graph/problems.ts'
import { secretName } from '../secrets.ts'
import { wanted } from '../values/types/wanted.ts'
import { value } from '../values/value.ts'
import { readUrl } from './read-url.ts'
import { httpMethods } from './request.ts'
import { successStatus } from './success-status.ts'

/** A stored secret by its name, behind a fixed text such as `Bearer `. */
const secretReference = z.strictObject({
  kind: z.literal('secret'),
  secret: secretName,
  prefix: z
    .string()
    .max(100)
    .regex(/^[\x20-\x7e]*$/)
    .default(''),
})
export type SecretReference = z.output<typeof secretReference>

/** Headers that belong to the connection: the client sets them itself. */
const headersOfConnection = new Set(
  (
    'connection content-length expect host keep-alive proxy-authenticate proxy-authorization proxy-connection te ' +
    'trailer transfer-encoding upgrade'
  ).split(' '),
)
const headerName = z
  .string()
  .max(100)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'headerName' })
  .refine((name) => !headersOfConnection.has(name.toLowerCase()), { error: 'headerOfConnection' })

const header = z.strictObject({ name: headerName, value: z.union([value, secretReference]) })
export type Header = z.output<typeof header>
const row = z.strictObject({ name: z.string().min(1).max(200), value })
export type Row = z.output<typeof row>
const rows = z.array(row).max(100)

/** `fields`: a JSON object with one member per row. */
const body = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('json'), value }),
  z.strictObject({ kind: z.literal('fields'), rows }),
  z.strictObject({ kind: z.literal('form'), rows }),
  z.strictObject({ kind: z.literal('text'), value }),
])
export type Body = z.output<typeof body>
export const bodyKinds = ['none', 'json', 'fields', 'form', 'text'] as const satisfies Body['kind'][]

const params = z.strictObject({
  method: z.enum(httpMethods).default('GET'),
  url: value.meta({ control: 'text-value' }),
  query: rows.default([]).meta({ control: 'value-rows' }),
  headers: z.array(header).max(50).default([]).meta({ control: 'http-headers' }),
  body: body.default({ kind: 'none' }).meta({ control: 'http-body' }),
  timeoutSeconds: z.number().min(1).max(60).default(10).meta({ control: 'number', placeholder: '10' }),
  retries: z.int().min(0).max(5).default(2).meta({ control: 'number', placeholder: '2' }),
  mayRepeat: z.boolean().default(false).meta({ control: 'http-may-repeat' }),
  success: successStatus.default('2xx').meta({ control: 'text', placeholder: '2xx' }),
})

/** Service > HTTP > HTTP Request: calls an address and hands its answer to the steps after it. */
export const httpRequest = defineNode({
  type: 'http-request',
  version: 1,
  menu: ['service', 'http'],
  icon: 'globe',
  input: 'in',
  outputs: ['done'],
  params,
  defaults: () => ({ method: 'GET' as const, url: { kind: 'fixed' as const, value: '' } }),
  result: z.object({
    status: z.int(),
    headers: z.record(z.string(), z.string()),
    /** What JSON holds, otherwise the text. */
    body: z.json(),
    durationMs: z.int(),
  }),
  wants: (path, { body }) => {
    if (path === 'url') return wanted.writable
    const isData = path.startsWith('body/') && body.kind !== 'form' && body.kind !== 'text'
    return isData ? undefined : wanted.writableIfAny
  },
  check: (values, { secrets }) => [...urlProblems(values.url), ...headerProblems(values.headers, secrets)],
})

/** A URL that is written down can be checked before it is called. */
function urlProblems(url: z.output<typeof value>): Problem[] {
  if (url.kind !== 'fixed') return []
  if (url.value === '')
    return [{ severity: 'error', key: 'paramRequired', params: { field: 'url' }, field: 'url' }]
  const read = readUrl(String(url.value))
  return typeof read === 'string' ? [{ severity: 'error', key: 'httpUrl', field: 'url' }] : []
}

function headerProblems(headers: readonly Header[], secrets: ReadonlySet<string> | undefined): Problem[] {
  return headers.flatMap(({ name, value }, index): Problem[] => {
    const field = `headers/${index}`
    if (value.kind === 'secret') {
      const isMissing = secrets !== undefined && !secrets.has(value.secret)
      return isMissing
        ? [{ severity: 'error', key: 'secretMissing', params: { name: value.secret }, field }]
        : []
    }
    if (value.kind !== 'fixed' || !/^(proxy-)?authorization$|^cookie$|api-?key|token|secret/i.test(name))
      return []
    // a saved graph holds no secrets, and neither does the history of its runs
    return value.value === '' ? [] : [{ severity: 'warning', key: 'secretInHeader', params: { name }, field }]
  })
}
