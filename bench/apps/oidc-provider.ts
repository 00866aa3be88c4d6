import type { Server } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import { MongoClient, type Collection } from 'mongodb'
import { type Adapter, type AdapterPayload, Provider } from 'oidc-provider'
import {
  ACCESS_SECONDS,
  AUDIENCE,
  CLIENT,
  type ProviderOptions,
  REFRESH_SECONDS,
  SCOPE,
  serveProvider,
} from './oauth-provider.ts'

/** oidc-provider with the MongoDB adapter of its examples, but for its TTL index. */
export async function oidcProvider({ mongoUrl }: ProviderOptions): Promise<Server> {
  const mongo = await new MongoClient(mongoUrl).connect()
  const { privateKey } = await generateKeyPair('Ed25519', { extractable: true })
  const key = { ...(await exportJWK(privateKey)), alg: 'Ed25519', use: 'sig', kid: 'bench' }
  const provider = new Provider('http://localhost', {
    adapter: (name: string) => mongoAdapter(mongo.db().collection(`oidc_${name}`)),
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: ['https://shop.example/cb'],
        id_token_signed_response_alg: 'Ed25519',
      },
    ],
    jwks: { keys: [key] },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    rotateRefreshToken: true,
    ttl: { RefreshToken: REFRESH_SECONDS, AccessToken: ACCESS_SECONDS, Grant: REFRESH_SECONDS },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: SCOPE,
          audience: AUDIENCE,
          accessTokenTTL: ACCESS_SECONDS,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'Ed25519' } },
        }),
      },
    },
  })
  const answer = provider.callback()
  return serveProvider(answer, () => grant(provider))
}

async function grant(provider: Provider): Promise<string> {
  const client = await provider.Client.find(CLIENT.id)
  if (!client) throw new Error('the client is missing')
  const accountId = 'ada'
  const grant = new provider.Grant({ accountId, clientId: CLIENT.id })
  grant.addResourceScope(AUDIENCE, SCOPE)
  const grantId = await grant.save()
  const token = new provider.RefreshToken({
    accountId,
    client,
    grantId,
    gty: 'authorization_code',
    scope: SCOPE,
    resource: AUDIENCE,
    expiresWithSession: false,
  })
  return await token.save()
}

type Stored = { _id: string; payload: AdapterPayload }

function mongoAdapter(collection: Collection<Stored>): Adapter {
  const find = async (filter: Record<string, string>) => (await collection.findOne(filter))?.payload
  return {
    async upsert(_id, payload, expiresIn) {
      const expiresAt = expiresIn ? { expiresAt: new Date(Date.now() + expiresIn * 1000) } : {}
      await collection.updateOne({ _id }, { $set: { payload, ...expiresAt } }, { upsert: true })
    },
    find: (_id) => find({ _id }),
    findByUid: (uid) => find({ 'payload.uid': uid }),
    findByUserCode: (userCode) => find({ 'payload.userCode': userCode }),
    async consume(_id) {
      const consumed = Math.floor(Date.now() / 1000)
      await collection.updateOne({ _id }, { $set: { 'payload.consumed': consumed } })
    },
    async destroy(_id) {
      await collection.deleteOne({ _id })
    },
    async revokeByGrantId(grantId) {
      await collection.deleteMany({ 'payload.grantId': grantId })
    },
  }
}
