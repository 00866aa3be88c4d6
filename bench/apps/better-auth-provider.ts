import { createHash, randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { oauthProvider } from '@better-auth/oauth-provider'
import { betterAuth } from 'better-auth'
import { mongodbAdapter } from 'better-auth/adapters/mongodb'
import { toNodeHandler } from 'better-auth/node'
import { jwt } from 'better-auth/plugins'
import { MongoClient } from 'mongodb'
import { SECRET, USER } from './app-under-test.ts'
import {
  ACCESS_SECONDS,
  AUDIENCE,
  CLIENT,
  type ProviderOptions,
  REFRESH_SECONDS,
  SCOPE,
  serveProvider,
} from './oauth-provider.ts'

/** better-auth as an OAuth provider, with everything in MongoDB. */
export async function betterAuthProvider({ mongoUrl }: ProviderOptions): Promise<Server> {
  const mongo = await new MongoClient(mongoUrl).connect()
  const auth = betterAuth({
    baseURL: 'http://localhost',
    basePath: '/api/auth',
    secret: SECRET,
    database: mongodbAdapter(mongo.db(), { transaction: false }),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    plugins: [
      jwt({ jwks: { keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' } } }),
      // @ts-expect-error -- its types do not hold under exactOptionalPropertyTypes
      oauthProvider({
        loginPage: '/login',
        consentPage: '/consent',
        scopes: ['offline_access', SCOPE],
        accessTokenExpiresIn: ACCESS_SECONDS,
        refreshTokenExpiresIn: REFRESH_SECONDS,
      }),
    ],
  })
  const { adapter } = await auth.$context
  const body = { name: USER.username, email: USER.email, password: SECRET }
  const { user } = await auth.api.signUpEmail({ body })
  const now = new Date()
  await adapter.create({
    model: 'oauthClient',
    data: {
      clientId: CLIENT.id,
      clientSecret: hashed(CLIENT.secret),
      redirectUris: ['https://shop.example/cb'],
      scopes: ['offline_access', SCOPE],
      grantTypes: ['authorization_code', 'refresh_token'],
      createdAt: now,
      updatedAt: now,
    },
  })
  const answer = toNodeHandler(auth)

  async function grant(): Promise<string> {
    const token = randomBytes(24).toString('base64url')
    await adapter.create({
      model: 'oauthRefreshToken',
      data: {
        token: hashed(token),
        clientId: CLIENT.id,
        userId: user.id,
        scopes: ['offline_access', SCOPE],
        resources: [AUDIENCE],
        createdAt: new Date(),
        expiresAt: new Date(Date.now() + REFRESH_SECONDS * 1000),
      },
    })
    return token
  }

  return serveProvider(answer, () => grant())
}

/** The hash that it stores of secrets and tokens. */
function hashed(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
