import { type Connection, type Model, Schema } from 'mongoose'
import {
  collectionOptions,
  optionalDate,
  optionalText,
  requiredDate,
  requiredNumber,
  requiredText,
} from '../../storage/schema-options.ts'

/** An app that shows one-time codes (RFC 6238). */
export type Totp = {
  /** Base32, encrypted under KEY_ENCRYPTION_KEY. */
  secret: string
  confirmedAt: Date
  /** The time step of the last used code: neither it nor an earlier one is accepted again. */
  lastStep: number
}

/** A passkey (WebAuthn credential). */
export type Passkey = {
  /** The credential's id, base64url. */
  id: string
  name: string
  /** COSE key, base64url. */
  publicKey: string
  counter: number
  /** Whether it is synced, so that its owner does not lose it with one device. */
  backedUp: boolean
  transports: string[]
  createdAt: Date
  lastUsedAt: Date | null
}

/**
 * The second factors of a user: one document for each user, including those of a user service. Each change
 * is a compare-and-set on `revision`.
 */
export type FactorsRecord = {
  /** The user's id. */
  _id: string
  revision: number
  totp: Totp | null
  /** Encrypted as in `totp`: shown to the user but not yet confirmed with a code. */
  pendingTotp: string | null
  passkeys: Passkey[]
  /** SHA-256 of each unused recovery code. */
  recoveryCodes: string[]
}

/** A user's factors as the rest of the server sees them. */
export type Factors = Omit<FactorsRecord, '_id'>

export type FactorStore = Model<FactorsRecord>

const parts = { _id: false, id: false, strict: 'throw' } as const
const totpSchema = new Schema<Totp>(
  { secret: requiredText, confirmedAt: requiredDate, lastStep: requiredNumber },
  parts,
)
const passkeySchema = new Schema<Passkey>(
  {
    id: requiredText,
    name: requiredText,
    publicKey: requiredText,
    counter: requiredNumber,
    backedUp: { type: Boolean, required: true },
    transports: { type: [String], default: [] },
    createdAt: requiredDate,
    lastUsedAt: optionalDate,
  },
  parts,
)
const schema = new Schema<FactorsRecord>(
  {
    _id: requiredText,
    revision: requiredNumber,
    totp: { type: totpSchema, default: null },
    pendingTotp: optionalText,
    passkeys: { type: [passkeySchema], default: [] },
    recoveryCodes: { type: [String], default: [] },
  },
  collectionOptions('factors'),
)

/** The factors in a database. */
export function factorsModel(connection: Connection): FactorStore {
  return connection.model<FactorsRecord>('Factors', schema)
}
