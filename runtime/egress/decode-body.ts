import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { TransportError } from '../providers/sms/transport-error.ts'

/** What the client asks for and can undo. */
export const ACCEPT_ENCODING = 'gzip, deflate, br'

const decoders = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

/**
 * Undoes the `content-encoding` of an answer. It stops as soon as the content is larger than it may be, so that a small
 * answer cannot unfold into a memory full of zeros; one encoding at most is undone.
 * @throws TransportError `ANSWER_TOO_LARGE`, `ANSWER_UNREADABLE`
 */
export async function decodeBody(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() || 'identity'
  if (body.length === 0 || name === 'identity') return body
  if (!Object.hasOwn(decoders, name)) throw new TransportError('ANSWER_UNREADABLE', { sent: true })
  try {
    return await decoders[name as keyof typeof decoders](body, { maxOutputLength: maxBytes })
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw new TransportError(isTooLarge ? 'ANSWER_TOO_LARGE' : 'ANSWER_UNREADABLE', { sent: true })
  }
}
