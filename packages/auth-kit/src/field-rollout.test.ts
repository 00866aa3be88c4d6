import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Passport } from 'passport'
import { testRedis } from '../../../tools/testing/test-services.ts'
import type { PublicUser } from './public-user.ts'
import { ADA, startTestApp } from './test-app.fixture.ts'

type Server = Awaited<ReturnType<typeof startTestApp>>

let services: Awaited<ReturnType<typeof testRedis>>
let older: Server
let newer: Server
beforeAll(async () => {
  services = await testRedis()
  const options = { ...services, publicUrl: 'http://localhost' }
  older = await startTestApp(options)
  newer = await startTestApp({ ...options, passport: newerPassport() })
})
afterAll(async () => {
  await Promise.all([older.close(), newer.close()])
  await services.close()
})

/** The Passport of a server whose public user has a `displayName`, which older sessions lack. */
function newerPassport() {
  const passport = new Passport()
  passport.serializeUser((user, done) => done(null, { ...user, displayName: 'Ada L.' }))
  passport.deserializeUser((stored: Express.User, done) => done(null, stored))
  return passport
}

const userAt = async (server: Server, cookie: string) => {
  const answer = await server.send('GET', '/me', { cookie })
  return { status: answer.status, ...JSON.parse(answer.text) }
}

describe('a new public field, while old and new servers run side by side,', () => {
  const withName = { ...ADA, displayName: 'Ada L.' }

  it('does not sign out a user whose session an old server created', async () => {
    const cookie = await older.signIn()
    expect(await userAt(newer, cookie)).toEqual({ status: 200, user: ADA })
    expect(await userAt(older, cookie)).toEqual({ status: 200, user: ADA })
  })

  it('does not sign out a user whose session a new server created', async () => {
    const cookie = await newer.signIn()
    expect(await userAt(older, cookie)).toEqual({ status: 200, user: ADA })
    expect(await userAt(newer, cookie)).toEqual({ status: 200, user: withName })
  })

  it('survives a change to the session by an old server', async () => {
    const cookie = await newer.signIn()
    await older.send('POST', '/fields?cart=full', { cookie })
    expect(await userAt(newer, cookie)).toEqual({ status: 200, user: withName })
  })

  it('survives an old server that removes the fields of an earlier user', async () => {
    const user: PublicUser = withName
    const epoch = { userId: 'somebody-else', id: 'an-epoch' }
    await older.store.addSession('copied', { passport: { user }, authKit: { epoch } })
    const loaded = await older.store.getSession('copied')
    expect(loaded?.passport?.user).toEqual(withName)
  })
})
