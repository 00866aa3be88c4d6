import { type Connection, type Model, Schema } from 'mongoose'
import type { Authentication } from '../../sessions/authentication.ts'
import {
  collectionOptions,
  optionalDate,
  optionalText,
  requiredDate,
  requiredNumber,
  requiredText,
} from '../../storage/schema-options.ts'

/** Why a family ended early. */
export type FamilyEnd = 'reuse' | 'code_reuse' | 'revoked'

/** A code that waits to be exchanged for the family's first tokens (RFC 6749 §4.1). */
export type PendingCode = {
  /** SHA-256 of the code. */
  hash: string
  redirectUri: string
  /** PKCE, S256 (RFC 7636); null if the client did not use it. */
  challenge: string | null
  /** Goes into the id_token (OpenID Connect Core §3.1.2.1). */
  nonce: string | null
  expiresAt: Date
  usedAt: Date | null
}

/**
 * A family: the tokens from one code exchange or one sign-in through a client. It holds no token, only
 * how often it was rotated.
 */
export type FamilyRecord = {
  _id: string
  signInId: string
  userId: string
  clientId: string
  /** The audience of its access tokens. */
  audience: string
  scope: string
  /** When and how the user signed in, for id_tokens and access tokens. */
  authentication: Authentication | null
  createdAt: Date
  /** The same for every family of the SSO session. */
  expiresAt: Date
  /** The number of the current refresh token; 0 before the first one. */
  counter: number
  /** When the last rotation was written, by the database's clock. */
  rotatedAt: Date | null
  /** When the last rotation was requested, by the database's clock. */
  attemptedAt: Date | null
  /** The attempt that wrote the last rotation. */
  attemptId: string | null
  revokedAt: Date | null
  revokedBecause: FamilyEnd | null
  /** Whether the user still has to be notified of a reused token. */
  noticeDue: boolean
  code: PendingCode | null
  /** When the site accepted the notice that the SSO session has ended (Back-Channel Logout 1.0). */
  logoutToldAt: Date | null
  logoutTries: number
}

/** A family as the rest of the server sees it. */
export type Family = Omit<FamilyRecord, '_id'> & { id: string }

export type Families = Model<FamilyRecord>

const authenticationSchema = new Schema<Authentication>(
  { at: requiredDate, acr: requiredText, amr: { type: [String], default: [] } },
  { _id: false, id: false, strict: 'throw' },
)
const codeSchema = new Schema<PendingCode>(
  {
    hash: requiredText,
    redirectUri: requiredText,
    challenge: optionalText,
    nonce: optionalText,
    expiresAt: requiredDate,
    usedAt: optionalDate,
  },
  { _id: false, id: false, strict: 'throw' },
)
const schema = new Schema<FamilyRecord>(
  {
    _id: requiredText,
    signInId: requiredText,
    userId: requiredText,
    clientId: requiredText,
    audience: requiredText,
    scope: { type: String, default: '' },
    authentication: { type: authenticationSchema, default: null },
    createdAt: requiredDate,
    expiresAt: requiredDate,
    counter: requiredNumber,
    rotatedAt: optionalDate,
    attemptedAt: optionalDate,
    attemptId: optionalText,
    revokedAt: optionalDate,
    revokedBecause: optionalText,
    noticeDue: { type: Boolean, default: false },
    code: { type: codeSchema, default: null },
    logoutToldAt: optionalDate,
    logoutTries: { type: Number, default: 0 },
  },
  collectionOptions('families'),
)
schema.index({ signInId: 1 })
schema.index({ userId: 1 })
schema.index({ expiresAt: 1 })
schema.index({ noticeDue: 1 })
schema.index({ clientId: 1 })
schema.index({ 'code.expiresAt': 1 })

/** The families of a database. */
export function familyModel(connection: Connection): Families {
  return connection.model<FamilyRecord>('Family', schema)
}

// Defaults for families that were stored before these fields existed.
const usual = { authentication: null, logoutToldAt: null, logoutTries: 0 }

/** Converts a stored family to the form that the rest of the server uses. */
export function toFamily({ _id, ...family }: FamilyRecord): Family {
  return { id: _id, ...usual, ...family }
}
