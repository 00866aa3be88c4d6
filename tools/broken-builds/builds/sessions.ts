import { type BrokenBuild, kit, server } from '../broken-build.ts'

/** Sessions: their cookie, their user and their end. */
export const sessionBuilds: BrokenBuild[] = [
  {
    id: 'R25',
    what: 'an open WebSocket outlives its session',
    edits: [
      {
        file: `${kit}/session/session-ends.ts`,
        find: '    for (const callback of callbacks) queueMicrotask(callback)\n',
        replace: '',
      },
    ],
    tests: [`${kit}/session-ends.test.ts`],
  },
  {
    id: 'R24',
    what: 'the age that an app sets on the cookie counts only in the browser',
    edits: [
      {
        file: `${kit}/session/session-limits.ts`,
        find: "typeof age === 'number' ? Math.max(1, Math.min(Math.floor(age), longest)) : longest",
        replace: 'age === undefined ? longest : longest',
      },
    ],
    tests: [`${kit}/session/cookie-age.test.ts`],
  },
  {
    id: 'R67',
    what: 'a session that changes its user keeps the sign-in of the first',
    edits: [
      {
        file: `${kit}/session/remove-earlier-user.ts`,
        find: '  if (!user || earlierId === undefined || earlierId === user.id) return\n',
        replace: '  if (user) return\n',
      },
    ],
    tests: [`${kit}/session/another-user.test.ts`],
  },
  {
    id: 'R66',
    what: 'an answer that waits for its session does not count as sent',
    edits: [
      {
        file: `${kit}/session/delay-answer.ts`,
        find: "  if (isHead) Reflect.set(res, '_header', 'delayed')\n",
        replace: '',
      },
    ],
    tests: [`${kit}/session/first-answer.test.ts`],
  },
  {
    id: 'R18',
    what: 'an end of all sessions ends only those in the index',
    edits: [
      {
        file: `${kit}/session/session-store.ts`,
        find: '    await this.#epochs.start(userId, spared)\n',
        replace: '    void spared\n',
      },
    ],
    tests: [`${kit}/session/end-of-user.test.ts`],
  },
  {
    id: 'R18',
    what: 'an end of all sessions reads every session in Redis before it answers',
    edits: [
      {
        file: `${kit}/session/session-store.ts`,
        find: 'this.completeEnds().catch(() => undefined)',
        replace: 'await this.completeEnds()',
      },
    ],
    tests: [`${kit}/session/end-of-user.test.ts`],
  },
  {
    id: 'R26',
    what: 'a session of a stock app is adopted while it is searched for',
    edits: [
      {
        file: `${kit}/session/session-store.ts`,
        find: 'user && (await this.#index.isSearchDue(user.id))',
        replace: 'user === undefined',
      },
    ],
    tests: [`${kit}/session/end-of-user.test.ts`],
  },
  {
    id: 'R85',
    what: 'no request checks whether its session has ended meanwhile',
    edits: [
      {
        file: `${server}/sessions/still-signed-in.ts`,
        find: 'if (!req.user || session?.passport?.user?.id !== req.user.id)',
        replace: 'if (!req.user || session === undefined)',
      },
    ],
    tests: [`${server}/sessions/ended-meanwhile.test.ts`],
  },
  {
    id: 'R85',
    what: 'a sign-out does not find the session that takes the place of its own',
    edits: [
      {
        file: `${server}/sessions/end-session.ts`,
        find: 'if (successor) await',
        replace: 'if (successor === undefined) await',
      },
    ],
    tests: [`${server}/sessions/renewal-races.test.ts`],
  },
]
