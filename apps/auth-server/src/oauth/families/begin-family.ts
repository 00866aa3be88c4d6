import { randomUUID } from 'node:crypto'
import { isDuplicate } from '../../storage/is-duplicate.ts'
import { type Families, type Family, type PendingCode, toFamily } from './family.model.ts'
import { findFamily } from './find-family.ts'
import type { Authentication } from '../../sessions/authentication.ts'
import type { SignIn } from '../../sessions/sign-in.model.ts'

type NewFamily = {
  id?: string
  signIn: SignIn
  clientId: string
  authentication: Authentication
  audience: string
  scope: string
  /** 1 if the first refresh token is issued at once, 0 if later or never. */
  counter: 0 | 1
  code?: PendingCode
}

/** Begins a family in an SSO session. If the `id` already exists, returns that family. */
export async function beginFamily(families: Families, given: NewFamily): Promise<Family> {
  const { id = randomUUID(), signIn, clientId, authentication, audience, scope } = given
  const { counter, code = null } = given
  const record = {
    _id: id,
    signInId: signIn.id,
    userId: signIn.userId,
    clientId,
    authentication,
    audience,
    scope,
    createdAt: new Date(),
    expiresAt: signIn.expiresAt,
    counter,
    code,
  }
  try {
    return toFamily((await families.create(record)).toObject())
  } catch (error) {
    const known = isDuplicate(error) ? await findFamily(families, id) : null
    if (!known) throw error
    return known
  }
}
