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

const secrets = ['the current secret', 'the previous secret']
const kit = (given: { secrets?: string[] } = {}) =>
  authKit({ redis: shared.redis, secrets, publicUrl: 'https://shop.example', ...given })

describe('authKit().describe', () => {
  it('lists the settings that two servers must share', async () => {
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

  it('gives a secret the same fingerprint only for the same nonce, and never signs the nonce', async () => {
    const nonce = 'a session id that an attacker wants signed'
    const [one, other] = [await kit().describe(nonce), await kit().describe(nonce)]
    expect(other.secrets).toEqual(one.secrets)
    const later = await kit().describe('another nonce')
    for (const fingerprint of later.secrets) expect(one.secrets).not.toContain(fingerprint)

    const description = JSON.stringify(one)
    for (const secret of secrets) {
      expect(description).not.toContain(secret)
      const signature = createHmac('sha256', secret).update(nonce).digest('base64')
      expect(description).not.toContain(signature.slice(0, 16))
    }
  })

  it('gives null for Redis while it is down', async () => {
    const closed = openRedis('redis://127.0.0.1:6379', () => undefined)
    closed.disconnect()
    expect((await authKit({ redis: closed, secrets }).describe('a nonce')).redis).toBeNull()
  })
})
