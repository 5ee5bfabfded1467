import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** What a server asks of an authenticator, as far as this one reads it. */
interface Asked {
  challenge: string
  user?: { id: string }
}
interface Place {
  origin: string
  /** The name for which the passkey is; that of the origin unless said otherwise. */
  domain?: string
  /** Whether the person unlocked the device. */
  isUnlocked?: boolean
}

/** An authenticator of software with one passkey (ES256, attestation `none`), written from the standard alone. */
export class Authenticator {
  readonly #id = randomBytes(16)
  #key: KeyObject | undefined
  #handle = ''
  counter = 0

  create({ challenge, user }: Asked, place: Place) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#key = privateKey
    this.#handle = user!.id
    const { x, y } = publicKey.export({ format: 'jwk' })
    const [left, right] = [x!, y!].map((part) => Buffer.from(part, 'base64url'))
    // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    const cose = Buffer.concat([hex('a5010203262001215820'), left!, hex('225820'), right!])
    const attested = Buffer.concat([Buffer.alloc(16), hex('0010'), this.#id, cose])
    const data = this.#data(place, 0x40, attested)
    // {"fmt": "none", "attStmt": {}, "authData": data}
    const attestationObject = Buffer.concat([
      hex('a363666d74646e6f6e656761747453746d74a068617574684461746158'),
      Buffer.from([data.length]),
      data,
    ])
    return this.#answer({
      clientDataJSON: clientData('webauthn.create', challenge, place.origin).toString('base64url'),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    })
  }

  get({ challenge }: Asked, place: Place, counter = ++this.counter) {
    this.counter = counter
    const data = this.#data(place, 0, Buffer.alloc(0))
    const client = clientData('webauthn.get', challenge, place.origin)
    const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
    return this.#answer({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: createSign('sha256').update(signed).sign(this.#key!).toString('base64url'),
      userHandle: this.#handle,
    })
  }

  #answer<R extends { clientDataJSON: string }>(response: R) {
    const id = this.#id.toString('base64url')
    return { id, rawId: id, type: 'public-key' as const, response, clientExtensionResults: {} }
  }

  #data(
    { origin, domain = new URL(origin).hostname, isUnlocked = true }: Place,
    flags: number,
    more: Buffer,
  ) {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.counter)
    const all = flags | 1 | (isUnlocked ? 4 : 0)
    return Buffer.concat([createHash('sha256').update(domain).digest(), Buffer.from([all]), counter, more])
  }
}

function clientData(type: string, challenge: string, origin: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex')
}
