import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import request from 'supertest'
import { startOperatedServer } from '../../../testing/operated-server.fixture.ts'

let server: Awaited<ReturnType<typeof startOperatedServer>>
beforeAll(async () => {
  server = await startOperatedServer()
})
afterAll(() => server.close())

describe('overview', () => {
  it('shows what the first admin page shows', async () => {
    const { username } = await server.addUser()
    await server.signIn(username)
    const wrong = { username: 'nobody-at-all', password: 'wrong' }
    await request(server.app).post('/login').send(wrong).expect(401)
    await server.audited()
    const overview = await server.cli.json(['overview'])
    expect(overview).toMatchObject({
      users: 1,
      outboxes: 0,
      dependencies: { redis: { status: 'up' }, mongo: { status: 'up' } },
    })
    expect(overview.signIns).toHaveLength(24)
    expect(overview.signIns.at(-1)).toMatchObject({ signedIn: 1, refused: 1 })
    const { stdout } = await server.cli.run(['overview'])
    expect(stdout).toMatch(/users +1\n[^]*signed in, 24 h +1\n[^]*refused, 24 h +1\n/)
    expect(stdout).toMatch(/redis +answers/i)
  })

  it('answers while Redis is down, and says so', async () => {
    const env = { REDIS_URL: 'redis://127.0.0.1:1' }
    const { code, stdout } = await server.cli.run(['overview', '--json'], { env })
    expect(code).toBe(0)
    expect(JSON.parse(stdout).dependencies).toMatchObject({ redis: { status: 'down' } })
  })
})
