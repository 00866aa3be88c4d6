import { type BrokenBuild, server } from '../broken-build.ts'

/** What every server checks at its start and with each request. */
export const serverBuilds: BrokenBuild[] = [
  {
    id: 'F9',
    what: 'the server listens without checking its unique indexes',
    edits: [
      {
        file: `${server}/wiring/ensure-indexes.ts`,
        find: 'if (!found) throw',
        replace: 'if (fields.length === 0) throw',
      },
    ],
    tests: [`${server}/wiring/ensure-indexes.test.ts`],
  },
  {
    id: 'R32',
    what: 'a null origin passes on every route',
    edits: [
      {
        file: 'packages/service-kit/src/http/check-origin.ts',
        find: 'return isBareNull(req) && !bodyTokenPaths.includes(req.path)',
        replace: 'return false',
      },
    ],
    tests: ['packages/service-kit/src/http/check-origin.test.ts'],
  },
  {
    id: 'R65',
    what: 'in production an address inside the network opens the metrics',
    edits: [
      {
        file: 'packages/service-kit/src/process/is-internal-request.ts',
        find: '(!tokenOnly && isInternalPeer(req)',
        replace: '(isInternalPeer(req)',
      },
    ],
    tests: ['packages/service-kit/src/process/is-internal-request.test.ts'],
  },
]
