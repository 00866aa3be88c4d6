import { type BrokenBuild, server } from '../broken-build.ts'

/** Sign-up without an invite. */
export const openSignUpBuilds: BrokenBuild[] = [
  {
    id: 'R96',
    what: 'the link alone completes a sign-up without an invite',
    edits: [
      {
        file: `${server}/accounts/sign-up/complete-reservation.ts`,
        find: 'if (!(await compareDigest(digestPassword(password), passwordHash)))',
        replace: "if ((await compareDigest(digestPassword(password), passwordHash)) && id === '')",
      },
    ],
    tests: [`${server}/accounts/sign-up/confirm-open-sign-up.test.ts`],
  },
  {
    id: 'R97',
    what: 'a proof of work counts again and again',
    edits: [
      {
        file: `${server}/accounts/reservations/proof-of-work.ts`,
        find: "redis.set(key, '1', 'PX', LIFETIME_MS, 'NX')",
        replace: "redis.set(key, '1', 'PX', LIFETIME_MS)",
      },
    ],
    tests: [`${server}/accounts/sign-up/sign-up-budget.test.ts`],
  },
  {
    id: 'R98',
    what: 'two people may reserve one name',
    edits: [
      {
        file: `${server}/accounts/reservations/reservation.model.ts`,
        find: 'schema.index({ usernameKey: 1 }, { unique: true })',
        replace: 'schema.index({ usernameKey: 1 })',
      },
      {
        file: `${server}/wiring/ensure-indexes.ts`,
        find: "await ensureUnique(reservations, ['usernameKey'])",
        replace: 'await reservations.createIndexes()',
      },
    ],
    tests: [`${server}/accounts/sign-up/racing-open-sign-ups.test.ts`],
  },
  {
    id: 'R98',
    what: 'an address that is reserved lets nobody else sign up with it',
    edits: [
      {
        file: `${server}/accounts/reservations/reservation.model.ts`,
        find: 'schema.index({ emailKey: 1 })',
        replace: 'schema.index({ emailKey: 1 }, { unique: true })',
      },
    ],
    tests: [`${server}/accounts/sign-up/confirm-open-sign-up.test.ts`],
  },
  {
    id: 'R9',
    what: 'an open sign-up looks up whether its address has an account',
    edits: [
      {
        file: `${server}/accounts/sign-up/sign-up-openly.ts`,
        find: '  await reserveAccount(deps.reservations, { username, email, passwordHash })\n',
        replace:
          '  if (await deps.users.exists({ emailKey: normalizeIdentity(email) })) return\n  await reserveAccount(deps.reservations, { username, email, passwordHash })\n',
      },
    ],
    tests: [`${server}/accounts/sign-up/open-sign-up.test.ts`],
  },
]
