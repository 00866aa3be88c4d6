import { describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { bareApp } from '../http/serve.fixture.ts'
import { trustProxy } from './trust-proxy.ts'

async function addressSeen(setting: string): Promise<string> {
  const app = bareApp().set('trust proxy', trustProxy().parse(setting))
  app.get('/', (req, res) => void res.send(req.ip))
  return (await request(app).get('/').set('X-Forwarded-For', '203.0.113.9')).text
}

describe('trustProxy (R44)', () => {
  it.each([
    [undefined, false],
    ['0', false],
    ['2', 2],
    ['10.0.0.1', ['10.0.0.1']],
    ['loopback, 10.0.0.0/8,fd00::/8', ['loopback', '10.0.0.0/8', 'fd00::/8']],
  ])('reads %j', (text, expected) => {
    expect(trustProxy().parse(text)).toEqual(expected)
  })

  it('says why trusting every address is refused', () => {
    for (const all of ['true', '0.0.0.0/0', '10.0.0.1, ::/0'])
      expect(trustProxy().safeParse(all).error?.issues[0]?.message).toContain('any client')
  })

  it.each(['yes', 'false', '-1', '10.0.0.1/33', '10.0.0', 'proxy.example', '10.0.0.1,', '1.5'])(
    'refuses %j',
    (text) => {
      expect(trustProxy().safeParse(text).success).toBe(false)
    },
  )

  it('makes Express believe a forwarded address only from a named proxy', async () => {
    expect(await addressSeen('loopback')).toBe('203.0.113.9')
    expect(await addressSeen('1')).toBe('203.0.113.9')
    expect(await addressSeen('10.0.0.1')).toContain('127.0.0.1')
    expect(await addressSeen('0')).toContain('127.0.0.1')
  })
})
