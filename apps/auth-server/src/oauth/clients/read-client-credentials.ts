import { invalidRequest } from '../oauth-error.ts'

export type ClientCredentials = { id: string; secret: string }

type Given = { header: string | undefined; body: { client_id?: string; client_secret?: string } }

/**
 * Reads a client's credentials from HTTP Basic or the body, never both (RFC 6749 §2.3.1).
 *
 * @throws Problem 400 `invalid_request` for both at once
 */
export function readClientCredentials({ header, body }: Given): ClientCredentials | undefined {
  const basic = /^basic +(\S+)$/i.exec(header ?? '')?.[1]
  if (basic === undefined) {
    const { client_id: id, client_secret: secret } = body
    return id !== undefined && secret !== undefined ? { id, secret } : undefined
  }
  if (body.client_secret !== undefined) throw invalidRequest('Send the client secret only once.')
  return readBasic(basic, body.client_id)
}

function readBasic(encoded: string, idInBody?: string): ClientCredentials | undefined {
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  if (colon < 0) return undefined
  const id = decodeForm(text.slice(0, colon))
  const secret = decodeForm(text.slice(colon + 1))
  if (id === undefined || secret === undefined) return undefined
  if (idInBody !== undefined && idInBody !== id)
    throw invalidRequest('client_id differs from the Authorization header.')
  return { id, secret }
}

/** The id and the secret are form-encoded before they are joined (RFC 6749 §2.3.1). */
function decodeForm(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
