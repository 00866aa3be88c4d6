import { type BrokenBuild, server } from '../broken-build.ts'

/** Refresh tokens, their families and their clients. */
export const tokenBuilds: BrokenBuild[] = [
  {
    id: 'N5',
    what: 'a rotation reads first and then increments',
    edits: [
      {
        file: `${server}/oauth/families/rotate-family.ts`,
        find: '    counter: family.counter,\n    rotatedAt: family.rotatedAt,\n    revokedAt: null,\n',
        replace: '',
      },
      {
        file: `${server}/oauth/families/rotate-current-token.ts`,
        find: '    counter,\n    clientId,\n',
        replace: '    clientId,\n',
      },
      {
        file: `${server}/oauth/families/write-rotation.ts`,
        find: '$set: { counter: attempt.counter, attemptedAt: attempt.now, attemptId },',
        replace: '$set: { attemptedAt: attempt.now, attemptId }, $inc: { counter: 1 },',
      },
    ],
    tests: [`${server}/oauth/tokens/refresh-races.test.ts`],
  },
  {
    id: 'N6',
    what: 'the second of two tabs is taken for a thief',
    edits: [
      {
        file: `${server}/oauth/families/rotate-family.ts`,
        find: "  if (isInTime) return 'given'\n",
        replace: '',
      },
    ],
    tests: [`${server}/oauth/tokens/refresh-races.test.ts`],
  },
  {
    id: 'R26',
    what: 'a refresh does not check whether its sign-in has ended',
    edits: [
      {
        file: `${server}/oauth/families/rotate-current-token.ts`,
        find: "  return (await isStillActive(deps, family)) ? family : 'ended'\n",
        replace: '  return family\n',
      },
    ],
    tests: [`${server}/oauth/tokens/sign-in-ends.test.ts`],
  },
  {
    id: 'R55',
    what: 'a client that was changed is remembered as it was',
    edits: [
      {
        file: `${server}/oauth/clients/client.model.ts`,
        find: '  clientCache.clear(this.model)\n',
        replace: '',
      },
    ],
    tests: [`${server}/oauth/tokens/refresh.test.ts`],
  },
  {
    id: 'R52',
    what: 'a reused token is refused, but its family lives on',
    edits: [
      {
        file: `${server}/oauth/tokens/refresh-tokens.ts`,
        find: "await endFamily(deps.families, token.id, 'reuse')",
        replace: 'token.id === undefined',
      },
    ],
    tests: [`${server}/oauth/tokens/refresh-races.test.ts`],
  },
  {
    id: 'R85',
    what: 'tokens are handed out whose sign-in, user or client has ended meanwhile',
    edits: [
      {
        file: `${server}/oauth/tokens/check-grant.ts`,
        find: 'if (!goesOn)',
        replace: 'if (goesOn === undefined)',
      },
    ],
    tests: [`${server}/oauth/tokens/ended-grants.test.ts`],
  },
  {
    id: 'R86',
    what: 'the record of a sign-in gives tokens to any current user of the session',
    edits: [
      {
        file: `${server}/sessions/sign-in-of-session.ts`,
        find: 'const isOwn = known.userId === user.id',
        replace: 'const isOwn = known.userId !== undefined',
      },
    ],
    tests: [`${server}/oauth/tokens/another-user.test.ts`],
  },
]
