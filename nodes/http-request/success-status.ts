import { z } from 'zod'

const part = String.raw`(?:[1-5]xx|[1-5]\d\d(?:\s*-\s*[1-5]\d\d)?)`

/** Which statuses count as success: `2xx`, `200, 404`, `200-299, 3xx`. */
export const successStatus = z
  .string()
  .trim()
  .max(100)
  .regex(new RegExp(String.raw`^${part}(?:\s*,\s*${part})*$`, 'i'), { error: 'successStatus' })

/** @param statuses as `successStatus` takes them */
export function isSuccessStatus(statuses: string, status: number): boolean {
  return statuses.split(',').some((each) => {
    const text = each.trim().toLowerCase()
    if (text.endsWith('xx')) return String(status)[0] === text[0]
    const [first, last = first] = text.split('-').map(Number)
    return status >= first! && status <= last!
  })
}
