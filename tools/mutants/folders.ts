/** A folder whose checks guard something, and where else its tests are. */
export type GuardedFolder = {
  folder: string
  /** Patterns of test files beside those in the folder. */
  tests: string[]
}

const kit = 'packages/auth-kit/src'
const server = 'apps/auth-server/src'

export const guardedFolders: GuardedFolder[] = [
  {
    folder: 'packages/service-kit/src/http',
    tests: [`${server}/http/*.test.ts`, `${server}/accounts/recovery/*.test.ts`],
  },
  {
    folder: `${kit}/session`,
    tests: [`${kit}/{passport,session-ends,sign-out-is-final,hot-session,ended-elsewhere}.test.ts`],
  },
  {
    folder: `${kit}/guard`,
    tests: [`${kit}/{logged-in,signed-in-with,web-socket,session-ends}.test.ts`],
  },
  {
    folder: `${kit}/redis`,
    tests: [
      `${kit}/{redis-*,ended-elsewhere,session-ends,hot-session}.test.ts`,
      `${kit}/session/{session-store,sessions-of-user,end-of-user,malformed-sessions}.test.ts`,
    ],
  },
  {
    folder: `${kit}/access-token`,
    tests: [`${kit}/{tokens,lambda}.test.ts`, `${kit}/{bearer,forgeries}/*.test.ts`],
  },
  { folder: `${server}/sign-in`, tests: [] },
  { folder: `${server}/sessions`, tests: [`${server}/sign-in/sign-in.test.ts`] },
  { folder: `${server}/oauth/tokens`, tests: [`${server}/oauth/{authorize,openid}/*.test.ts`] },
  {
    folder: `${server}/accounts/links`,
    tests: [
      `${server}/accounts/{invitations,recovery}/*.test.ts`,
      `${server}/accounts/settings/change-email.test.ts`,
      `${server}/accounts/sign-up/{confirmation,open-sign-up}.test.ts`,
    ],
  },
  {
    folder: `${server}/accounts/invitations`,
    tests: [`${server}/accounts/sign-up/sign-up*.test.ts`, `${server}/admin/invitations/*.test.ts`],
  },
  { folder: `${server}/accounts`, tests: [] },
]
