import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest()
const encode = (data: string | Buffer) => Buffer.from(data).toString('base64url')
/** A CBOR byte string shorter than 256 bytes, and a short CBOR text (RFC 8949). */
const bytes = (data: Buffer) => Buffer.concat([Buffer.from([0x58, data.length]), data])
const text = (value: string) =>
  Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)])

type Flags = { userVerified?: boolean; backedUp?: boolean }
type Change = Flags & {
  origin?: string
  rpId?: string
  challenge?: string
  type?: string
  counter?: number
}

/** A software authenticator with one ES256 passkey. It follows WebAuthn, except for a given `change`. */
export function softwarePasskey({ origin, rpId }: { origin: string; rpId: string }) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(20)
  const cose = Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    bytes(Buffer.from(x, 'base64url')),
    Buffer.from([0x22]),
    bytes(Buffer.from(y, 'base64url')),
  ])
  const clientData = (type: string, challenge: string, change: Change) =>
    Buffer.from(
      JSON.stringify({
        type: change.type ?? type,
        challenge: change.challenge ?? challenge,
        origin: change.origin ?? origin,
        crossOrigin: false,
      }),
    )
  const authData = (
    flag: number,
    { userVerified = true, backedUp = false, counter = 0, ...change }: Change,
  ) => {
    const flags = 0x01 | (userVerified ? 0x04 : 0) | (backedUp ? 0x18 : 0) | flag
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    return Buffer.concat([sha256(change.rpId ?? rpId), Buffer.from([flags]), count])
  }
  const credential = { id: encode(id), rawId: encode(id), type: 'public-key' }

  return {
    create({ challenge }: { challenge: string }, change: Change = {}) {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const data = Buffer.concat([authData(0x40, change), Buffer.alloc(16), length, id, cose])
      const attestation = Buffer.concat([
        Buffer.from([0xa3]),
        text('fmt'),
        text('none'),
        text('attStmt'),
        Buffer.from([0xa0]),
        text('authData'),
        bytes(data),
      ])
      return {
        ...credential,
        response: {
          clientDataJSON: encode(clientData('webauthn.create', challenge, change)),
          attestationObject: encode(attestation),
        },
      }
    },

    get({ challenge }: { challenge: string }, userId: string, change: Change = {}) {
      const client = clientData('webauthn.get', challenge, change)
      const data = authData(0, change)
      return {
        ...credential,
        response: {
          clientDataJSON: encode(client),
          authenticatorData: encode(data),
          signature: encode(sign('sha256', Buffer.concat([data, sha256(client)]), privateKey)),
          userHandle: encode(userId),
        },
      }
    },
  }
}
