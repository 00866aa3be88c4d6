import { randomBytes, randomUUID } from 'node:crypto'
import type { Families } from '../families/family.model.ts'
import { beginFamily } from '../families/begin-family.ts'
import { hashCode } from '../tokens/exchange-code.ts'
import type { Authentication } from '../../sessions/authentication.ts'
import type { SignIn } from '../../sessions/sign-in.model.ts'
import type { AuthorizeRequest } from './check-authorize-request.ts'
import type { Redirect } from './find-redirect.ts'

/** How long a code is valid. RFC 6749 §4.1.2 allows ten minutes; a browser needs seconds. */
const CODE_MS = 60_000

/** Issues a code for a client. It stands for a family that begins when the code is exchanged. */
export async function issueCode(
  families: Families,
  {
    client,
    redirectUri,
    challenge,
    nonce,
    scope,
    audience,
    signIn,
    authentication,
  }: Redirect & AuthorizeRequest & { signIn: SignIn; authentication: Authentication },
): Promise<string> {
  const id = randomUUID()
  const code = `${id}.${randomBytes(32).toString('base64url')}`
  const expiresAt = new Date(Date.now() + CODE_MS)
  const pending = { hash: hashCode(code), redirectUri, challenge, nonce, expiresAt, usedAt: null }
  await beginFamily(families, {
    id,
    signIn,
    clientId: client.id,
    authentication,
    audience,
    scope,
    counter: 0,
    code: pending,
  })
  return code
}
