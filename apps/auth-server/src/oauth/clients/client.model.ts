import type { JWK } from 'jose'
import { type Connection, type Model, Schema } from 'mongoose'
import {
  optionalText,
  collectionOptions,
  optionalDate,
  requiredDate,
  requiredText,
} from '../../storage/schema-options.ts'
import { shortMemory } from '../../storage/short-memory.ts'

/**
 * `site`: the code flow with a secret; `first_party`: also a password at `/login`; `app`: the code flow
 * without a secret (RFC 6749 §2.1, public client); `machine`: tokens of its own, for no user;
 * `resource_server`: checks tokens.
 */
export const clientKinds = ['site', 'first_party', 'app', 'machine', 'resource_server'] as const

export type ClientKind = (typeof clientKinds)[number]

/** API Gateway's built-in JWT authorizer takes RS256 alone. */
export const signingAlgorithms = ['EdDSA', 'ES256', 'RS256'] as const

export type SigningAlgorithm = (typeof signingAlgorithms)[number]

/** Whether the code flow needs PKCE; `optional`: not of a request with a nonce (RFC 9700 §2.1.1). */
export const pkceRules = ['required', 'optional', 'off'] as const

export type PkceRule = (typeof pkceRules)[number]

export type ClientSecret = {
  id: string
  /** SHA-256: a secret of 256 random bits needs no costly hash. */
  hash: string
  createdAt: Date
  lastUsedAt: Date | null
  /** Null: until it is rotated. */
  expiresAt: Date | null
}

export type SigningKey = {
  kid: string
  /** What it signs; access tokens if the stored key does not say. */
  use?: 'access' | 'id_token'
  alg: SigningAlgorithm
  publicJwk: JWK
  /** As `Keyring.lock` gives it. */
  privateKey: string
  /** It is published before it signs, so that whoever checks tokens has it by then. */
  signsFrom: Date
}

/** A client site or resource server as MongoDB keeps it. */
export type ClientRecord = {
  _id: string
  name: string
  kind: ClientKind
  redirectUris: string[]
  /** Where a visitor may return to after signing out (OpenID Connect RP-Initiated Logout 1.0). */
  postLogoutRedirectUris: string[]
  /** Where the site is told that a sign-in has ended (Back-Channel Logout 1.0). */
  backchannelLogoutUri: string | null
  pkce: PkceRule
  idTokenAlg: SigningAlgorithm
  /** What a resource server is called in tokens; for the others `none:<id>`, since it is unique. */
  audience: string
  /** The audiences it may ask for tokens for, the first one when it names none. */
  audiences: string[]
  /** What it may ask for, or, as a resource server, what a user's own session gives. */
  scopes: string[]
  /** Two at most, the newest first. */
  secrets: ClientSecret[]
  /** The oldest first. */
  keys: SigningKey[]
  createdAt: Date
}

/** A client as the rest of the server sees it. */
export type Client = Omit<ClientRecord, '_id'> & { id: string }

export type Clients = Model<ClientRecord>

const part = { _id: false, id: false, strict: 'throw' } as const

const secretSchema = new Schema<ClientSecret>(
  {
    id: requiredText,
    hash: requiredText,
    createdAt: requiredDate,
    lastUsedAt: optionalDate,
    expiresAt: optionalDate,
  },
  part,
)
const keySchema = new Schema<SigningKey>(
  {
    kid: requiredText,
    use: { type: String, enum: ['access', 'id_token'] },
    alg: { ...requiredText, enum: signingAlgorithms },
    publicJwk: { type: Schema.Types.Mixed, required: true },
    privateKey: requiredText,
    signsFrom: requiredDate,
  },
  part,
)
const schema = new Schema<ClientRecord>(
  {
    _id: requiredText,
    name: requiredText,
    kind: { ...requiredText, enum: clientKinds },
    redirectUris: { type: [String], default: [] },
    postLogoutRedirectUris: { type: [String], default: [] },
    backchannelLogoutUri: optionalText,
    pkce: { type: String, enum: pkceRules, default: 'required' },
    idTokenAlg: { type: String, enum: signingAlgorithms, default: 'RS256' },
    audience: requiredText,
    audiences: { type: [String], default: [] },
    scopes: { type: [String], default: [] },
    secrets: { type: [secretSchema], default: [] },
    keys: { type: [keySchema], default: [] },
    createdAt: requiredDate,
  },
  collectionOptions('clients'),
)
/**
 * Clients as they were within the last five seconds. A change by this process counts at once, one by
 * another process by then.
 */
export const clientMemory = shortMemory<Client>({ ms: 5000, most: 1000 })

schema.post(['updateOne', 'findOneAndUpdate', 'deleteOne'], function forgetClients() {
  clientMemory.forget(this.model)
})
schema.index({ audience: 1 }, { unique: true })
schema.index({ 'keys.kid': 1 })

/** The clients of one database. */
export function clientModel(connection: Connection): Clients {
  return connection.model<ClientRecord>('Client', schema)
}

/** What a client has that was stored before these fields existed. */
const usual = {
  postLogoutRedirectUris: [],
  backchannelLogoutUri: null,
  pkce: 'required',
  idTokenAlg: 'RS256',
} as const

/** A stored client as the rest of the server sees it. */
export function toClient({ _id, ...client }: ClientRecord): Client {
  return { id: _id, ...usual, ...client }
}
