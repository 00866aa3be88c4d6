import { type BrokenBuild, server } from '../broken-build.ts'

/** Passwords, second factors and known devices. */
export const signInBuilds: BrokenBuild[] = [
  {
    id: 'R71',
    what: 'a one-time code is accepted twice',
    edits: [
      {
        file: `${server}/sign-in/totp/totp.ts`,
        find: 'return result.timeStep > lastStep ? result.timeStep : undefined',
        replace: 'return lastStep === undefined ? undefined : result.timeStep',
      },
    ],
    tests: [`${server}/sign-in/totp/totp.test.ts`],
  },
  {
    id: 'R79',
    what: 'a passkey signs in alone without verifying its user',
    edits: [
      {
        file: `${server}/sign-in/passkeys/verify-passkey.ts`,
        find: 'requireUserVerification: mustVerifyUser,',
        replace: 'requireUserVerification: false && mustVerifyUser,',
      },
    ],
    tests: [`${server}/sign-in/passkeys/passkeys.test.ts`],
  },
  {
    id: 'R73',
    what: 'the step between password and code is honoured after a reset',
    edits: [
      {
        file: `${server}/sign-in/second-factor/pending-sign-in.ts`,
        find: '  if ((await store.readEpoch(userId)) !== epoch) return null\n',
        replace: '  if (epoch === undefined) await store.readEpoch(userId)\n',
      },
      {
        file: `${server}/sessions/start-session.ts`,
        find: '    if ((await deps.store.readEpoch(user.id)) !== epoch) throw signInOvertaken()\n',
        replace: '    if (epoch === undefined) throw signInOvertaken()\n',
      },
    ],
    tests: [`${server}/sign-in/second-factor/second-factor.test.ts`],
  },
  {
    id: 'R9',
    what: 'no password is hashed for a user that does not exist',
    edits: [
      {
        file: `${server}/users/check-password.ts`,
        find: '    await compareDigest(digest, dummyHash(cost))\n    return false',
        replace: '    return false',
      },
    ],
    tests: [`${server}/sign-in/equal-work.test.ts`],
  },
  {
    id: 'R68',
    what: 'failures of an end user’s address count only for the account',
    edits: [
      {
        file: `${server}/sign-in/attempts/attempt-budgets.ts`,
        find: '? !client.hasAddress',
        replace: '? true',
      },
    ],
    tests: [`${server}/oauth/tokens/end-user.test.ts`],
  },
  {
    id: 'R69',
    what: 'a browser stays known after the password has changed',
    edits: [
      {
        file: `${server}/sign-in/devices/device-cookie.ts`,
        find: '[id, user.id, day, ...since]',
        replace: '[id, user.id, day, ...since.slice(1)]',
      },
    ],
    tests: [`${server}/sign-in/devices/devices.test.ts`],
  },
]
