import { expectSuccess, httpText, type Script } from './http-text.ts'
import { askEach } from './load.ts'
import type { Answer } from './read-answer.ts'
import { type AuthClient, type AuthServer, PASSWORD } from './start-auth-server.ts'

/** Signs every user in with the client and returns their refresh tokens. */
export async function firstTokens({ client, port, usernames }: AuthServer): Promise<string[]> {
  const credentials = { client_id: client.id, client_secret: client.secret }
  const requests = usernames.map((username) =>
    httpText({ path: '/login', json: { username, password: PASSWORD, ...credentials } }),
  )
  return (await askEach(port, requests)).map(refreshTokenOf)
}

/** Each family continues from slice to slice with its latest token. */
export function refreshing(tokens: string[], path: string, client: AuthClient): () => Script[] {
  const basic = Buffer.from(`${client.id}:${encodeURIComponent(client.secret)}`).toString('base64')
  const headers = { Authorization: `Basic ${basic}` }
  return () =>
    tokens.map((_, family) => (last: Answer | undefined) => {
      expectSuccess(last)
      if (last) tokens[family] = refreshTokenOf(last)
      const form = { grant_type: 'refresh_token', refresh_token: tokens[family] ?? '' }
      return httpText({ path, headers, form })
    })
}

function refreshTokenOf({ body }: Answer): string {
  const answer: unknown = JSON.parse(body)
  if (typeof answer !== 'object' || answer === null || !('refresh_token' in answer))
    throw new Error(`no refresh token: ${body}`)
  return String(answer.refresh_token)
}
