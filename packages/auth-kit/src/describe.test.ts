import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { testRedis } from '../../../tools/testing/test-services.ts'
import { authKit } from './auth-kit.ts'
import { openRedis } from './session.ts'

let shared: Awaited<ReturnType<typeof testRedis>>
beforeAll(async () => {
  shared = await testRedis()
})
afterAll(() => shared.close())

const secrets = ['the secret that signs', 'the secret before it']
const kit = (given: { secrets?: string[] } = {}) =>
  authKit({ redis: shared.redis, secrets, publicUrl: 'https://shop.example', ...given })

describe('authKit().describe', () => {
  it('tells what two servers have to have in common', async () => {
    expect(await kit().describe('a nonce')).toEqual({
      cookie: { name: '__Host-session', domain: null },
      host: 'shop.example',
      prefix: 'sess:',
      idleDays: 14,
      absoluteDays: 90,
      secrets: [expect.any(String), expect.any(String)],
      redis: {
        id: expect.stringMatching(/^\w{40}\/\d+$/),
        appendOnly: expect.any(String),
        appendFsync: expect.any(String),
        maxmemoryPolicy: expect.any(String),
      },
      cache: expect.stringMatching(/^(on|waiting)$/),
      now: expect.any(Number),
    })
  })

  it('tells the same secret alike under one nonce only, and never signs with it', async () => {
    const nonce = 'a session id that somebody would have signed'
    const [one, other] = [await kit().describe(nonce), await kit().describe(nonce)]
    expect(other.secrets).toEqual(one.secrets)
    const later = await kit().describe('another nonce')
    for (const fingerprint of later.secrets) expect(one.secrets).not.toContain(fingerprint)

    const told = JSON.stringify(one)
    for (const secret of secrets) {
      expect(told).not.toContain(secret)
      const signature = createHmac('sha256', secret).update(nonce).digest('base64')
      expect(told).not.toContain(signature.slice(0, 16))
    }
  })

  it('says that Redis is away', async () => {
    const away = openRedis('redis://127.0.0.1:6379', () => undefined)
    away.disconnect()
    expect((await authKit({ redis: away, secrets }).describe('a nonce')).redis).toBeNull()
  })
})
