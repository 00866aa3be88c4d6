import { type BrokenBuild, kit } from '../broken-build.ts'

/** What Redis and the session cache keep of a session. */
export const sessionStorageBuilds: BrokenBuild[] = [
  {
    id: 'C1',
    what: 'sessions are stored with a plain SET',
    edits: [
      {
        file: `${kit}/redis/redis-session-cache.ts`,
        find: 'redis.eval(UPDATE, 2, ...keys(id), ...args)',
        replace: 'redis.set(keys(id)[0], json).then(() => (args ? 1 : 0))',
      },
    ],
    tests: [`${kit}/sign-out-is-final.test.ts`],
  },
  {
    id: 'N2',
    what: 'sessions are stored with a plain SET, and an end leaves no trace',
    edits: [
      {
        file: `${kit}/redis/redis-session-cache.ts`,
        find: 'redis.eval(UPDATE, 2, ...keys(id), ...args)',
        replace: 'redis.set(keys(id)[0], json).then(() => (args ? 1 : 0))',
      },
      {
        file: `${kit}/redis/redis-session-cache.ts`,
        find: "  redis.call('SET', KEYS[2], '1', 'PX', ARGV[1])\n",
        replace: '',
      },
    ],
    tests: [`${kit}/sign-out-is-final.test.ts`],
  },
  {
    id: 'F5',
    what: 'the end of a session is not counted',
    edits: [
      {
        file: `${kit}/redis/end-counts.ts`,
        find: "redis.call('HINCRBY', key, 'count', 1)",
        replace: '0',
      },
    ],
    tests: [`${kit}/redis-restored.test.ts`],
  },
  {
    id: 'F6',
    what: 'visitors may fill Redis to its last byte',
    edits: [
      {
        file: `${kit}/redis/redis-session-cache.ts`,
        find: 'most == 0 or used < most * 0.9',
        replace: 'true',
      },
    ],
    tests: [`${kit}/session/visitors.test.ts`],
  },
  {
    id: 'N2',
    what: 'the session cache ignores changes that Redis reports',
    edits: [
      {
        file: `${kit}/redis/coherent-sessions.ts`,
        find: '    else sessions.evict(what.sessionId)\n',
        replace: '',
      },
    ],
    tests: [`${kit}/ended-elsewhere.test.ts`],
  },
  {
    id: 'C28',
    what: 'a session that changed while it was read is kept in memory',
    edits: [
      {
        file: `${kit}/redis/tracked-values.ts`,
        find: 'if (reading && isCurrent()) keep',
        replace: 'if (reading) keep',
      },
    ],
    tests: [`${kit}/ended-elsewhere.test.ts`],
  },
  {
    id: 'F3',
    what: 'the session cache stays full when changes can no longer be reported',
    edits: [
      {
        file: `${kit}/redis/coherent-sessions.ts`,
        find: '      sessions.clear()\n',
        replace: '',
      },
    ],
    tests: [`${kit}/ended-elsewhere.test.ts`],
  },
  {
    id: 'F4',
    what: 'a silent connection is trusted to report changes',
    edits: [
      {
        file: `${kit}/redis/tracking-link.ts`,
        find: 'const TRUST_MS = 1000',
        replace: 'const TRUST_MS = 1_000_000',
      },
    ],
    tests: [`${kit}/ended-elsewhere.test.ts`],
  },
  {
    id: 'R24',
    what: 'a session in memory outlives its end in Redis',
    edits: [
      {
        file: `${kit}/redis/tracked-values.ts`,
        find: ' || entry.endsAt <= performance.now()',
        replace: '',
      },
      {
        file: `${kit}/session/hot-session.ts`,
        find: 'return Date.now() < hot.until ? hot : undefined',
        replace: 'return hot.until > 0 ? hot : undefined',
      },
    ],
    tests: [`${kit}/hot-session.test.ts`],
  },
]
