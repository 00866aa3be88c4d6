import { type BrokenBuild, server } from '../broken-build.ts'

/** Invites, passwords and recovery. */
export const accountBuilds: BrokenBuild[] = [
  {
    id: 'R45',
    what: 'two users may claim one invite',
    edits: [
      {
        file: `${server}/users/user.model.ts`,
        find: 'schema.index({ invite: 1 }, { unique: true })',
        replace: 'schema.index({ invite: 1 })',
      },
      {
        file: `${server}/wiring/ensure-indexes.ts`,
        find: "'usernameKey', 'emailKey', 'invite'",
        replace: "'usernameKey', 'emailKey'",
      },
    ],
    tests: [`${server}/accounts/sign-up/racing-sign-ups.test.ts`],
  },
  {
    id: 'R15',
    what: 'a reset link is not signed over the password that it changes',
    edits: [
      {
        file: `${server}/accounts/links/link-purposes.ts`,
        find: 'state: (user) => [emailKey(user), user.passwordHash]',
        replace: 'state: (user) => [emailKey(user)]',
      },
    ],
    tests: [`${server}/accounts/recovery/password-reset.test.ts`],
  },
  {
    id: 'R18',
    what: 'a reset leaves earlier sessions alive',
    edits: [
      {
        file: `${server}/accounts/recovery/reset-password.ts`,
        find: '  await endMarkedSessions(deps, { id: user.id, sessionsToEnd })\n',
        replace: '',
      },
    ],
    tests: [`${server}/accounts/recovery/password-reset.test.ts`],
  },
  {
    id: 'R4',
    what: 'only passwords on the list of common ones are refused',
    edits: [
      {
        file: `${server}/users/guessing/why-guessed.ts`,
        find: "  if (isListed(text)) return 'listed'\n",
        replace: "  if (text !== '') return isListed(text) ? 'listed' : undefined\n",
      },
    ],
    tests: [`${server}/users/guessing/why-guessed.test.ts`],
  },
  {
    id: 'R15',
    what: 'a "this was not me" link works again and again',
    edits: [
      {
        file: `${server}/accounts/recovery/read-not-me-link.ts`,
        find: '!link || isUsed ||',
        replace: '!link || (isUsed && token === undefined) ||',
      },
      {
        file: `${server}/accounts/recovery/force-password-reset.ts`,
        find: 'deletingAt: null, usedLinks: { $ne: link } }',
        replace: 'deletingAt: null }',
      },
    ],
    tests: [`${server}/accounts/recovery/not-me-once.test.ts`],
  },
]
