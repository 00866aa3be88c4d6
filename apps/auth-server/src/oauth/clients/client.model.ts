import type { JSONWebKeySet, JWK } from 'jose'
import { type Connection, type Model, Schema } from 'mongoose'
import {
  optionalText,
  collectionOptions,
  optionalDate,
  requiredDate,
  requiredText,
} from '../../storage/schema-options.ts'
import { ttlCache } from '../../storage/ttl-cache.ts'

/**
 * `site`: the code flow with a secret; `first_party`: also passwords at `/login`; `app`: the code flow
 * without a secret (a public client, RFC 6749 §2.1); `machine`: its own tokens, for no user;
 * `resource_server`: checks tokens.
 */
export const clientKinds = ['site', 'first_party', 'app', 'machine', 'resource_server'] as const

export type ClientKind = (typeof clientKinds)[number]

/** API Gateway's built-in JWT authorizer accepts only RS256. */
export const signingAlgorithms = ['EdDSA', 'ES256', 'RS256'] as const

export type SigningAlgorithm = (typeof signingAlgorithms)[number]

/** Whether the code flow needs PKCE; `optional`: not for a request with a nonce (RFC 9700 §2.1.1). */
export const pkceRules = ['required', 'optional', 'off'] as const

export type PkceRule = (typeof pkceRules)[number]

export type ClientSecret = {
  id: string
  /** SHA-256: a secret of 256 random bits needs no slow hash. */
  hash: string
  createdAt: Date
  lastUsedAt: Date | null
  /** Null until the secret is rotated. */
  expiresAt: Date | null
}

export type SigningKey = {
  kid: string
  /** What it signs. A stored key without this field signs access tokens. */
  use?: 'access' | 'id_token'
  alg: SigningAlgorithm
  publicJwk: JWK
  /** Encrypted by `Keyring.lock`. */
  privateKey: string
  /** The key is published earlier, so that resource servers know it before it signs. */
  signsFrom: Date
}

/** A client as stored in MongoDB. */
export type ClientRecord = {
  _id: string
  name: string
  kind: ClientKind
  redirectUris: string[]
  /** Addresses that a visitor may return to after signing out (RP-Initiated Logout 1.0). */
  postLogoutRedirectUris: string[]
  /** Receives a notice when an SSO session has ended (Back-Channel Logout 1.0). */
  backchannelLogoutUri: string | null
  pkce: PkceRule
  idTokenAlg: SigningAlgorithm
  /** The name of a resource server in tokens. Other kinds have `none:<id>`, because the index is unique. */
  audience: string
  /** The audiences that it may request tokens for. The first one is the default. */
  audiences: string[]
  /** The scopes that it may request. For a resource server: the scope of tokens from a session. */
  scopes: string[]
  /** At most two, newest first. */
  secrets: ClientSecret[]
  /** Public keys that verify the client's assertions (RFC 7523), instead of a secret. */
  jwks: JSONWebKeySet | null
  /** Oldest first. */
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
    jwks: { type: Schema.Types.Mixed, default: null },
    keys: { type: [keySchema], default: [] },
    createdAt: requiredDate,
  },
  collectionOptions('clients'),
)
/**
 * Clients that were read within the last five seconds. A change by this process takes effect at once, a
 * change by another process within that time.
 */
export const clientCache = ttlCache<Client>({ ttlMs: 5000, max: 1000 })

schema.post(['updateOne', 'findOneAndUpdate', 'deleteOne'], function forgetClients() {
  clientCache.clear(this.model)
})
schema.index({ audience: 1 }, { unique: true })
schema.index({ 'keys.kid': 1 })

/** The clients of a database. */
export function clientModel(connection: Connection): Clients {
  return connection.model<ClientRecord>('Client', schema)
}

/** Defaults for clients that were stored before these fields existed. */
const usual = {
  postLogoutRedirectUris: [],
  backchannelLogoutUri: null,
  pkce: 'required',
  idTokenAlg: 'RS256',
  jwks: null,
} as const

/** Converts a stored client to the form that the rest of the server uses. */
export function toClient({ _id, ...client }: ClientRecord): Client {
  return { id: _id, ...usual, ...client }
}
