import { type BrokenBuild, server } from '../broken-build.ts'

/** Authorization requests, id_tokens and sign-out at clients. */
export const openidBuilds: BrokenBuild[] = [
  {
    id: 'R80',
    what: 'id_tokens lose the nonce of the request',
    edits: [
      {
        file: `${server}/oauth/authorize/check-authorize-request.ts`,
        find: 'nonce: data.nonce ?? null,',
        replace: 'nonce: null,',
      },
    ],
    tests: [`${server}/oauth/openid/openid.test.ts`],
  },
  {
    id: 'R80',
    what: 'an id_token_hint of another issuer is honoured',
    edits: [
      {
        file: `${server}/oauth/openid/read-id-token-hint.ts`,
        find: '      issuer,\n',
        replace: '',
      },
    ],
    tests: [`${server}/oauth/openid/id-token-hint.test.ts`],
  },
  {
    id: 'R80',
    what: 'an id_token_hint is honoured whatever key signed it',
    edits: [
      {
        file: `${server}/oauth/openid/read-id-token-hint.ts`,
        find: "import { importJWK, jwtVerify } from 'jose'",
        replace: "import { decodeJwt, importJWK, jwtVerify } from 'jose'",
      },
      {
        file: `${server}/oauth/openid/read-id-token-hint.ts`,
        find: '  } catch {\n',
        replace:
          "  } catch {\n    const { aud, iss, sub = '', sid } = decodeJwt(token)\n    if (aud === client.id && iss === issuer) return { userId: sub, familyId: String(sid) }\n",
      },
    ],
    tests: [`${server}/oauth/openid/id-token-hint.test.ts`],
  },
  {
    id: 'R39',
    what: 'a redirect address is accepted if it starts with a registered one',
    edits: [
      {
        file: `${server}/oauth/authorize/find-redirect.ts`,
        find: 'if (known === given) return true',
        replace: 'if (given.startsWith(known)) return true',
      },
    ],
    tests: [`${server}/oauth/authorize/authorize.test.ts`],
  },
  {
    id: 'R83',
    what: 'a code challenge is not checked for a client that may omit it',
    edits: [
      {
        file: `${server}/oauth/tokens/exchange-code.ts`,
        find: '(code.challenge ?? null) === challenge',
        replace: '(challenge === null || code.challenge === challenge)',
      },
    ],
    tests: [`${server}/oauth/openid/client-kinds.test.ts`],
  },
  {
    id: 'R81',
    what: 'the end of a sign-in is announced to no site',
    edits: [
      {
        file: `${server}/sessions/end-sign-ins.ts`,
        find: 'logoutDueAt: now }',
        replace: 'logoutDueAt: null }',
      },
    ],
    tests: [`${server}/oauth/logout/logout.test.ts`],
  },
  {
    id: 'R82',
    what: 'the server posts to any address',
    edits: [
      {
        file: `${server}/http/outbound.ts`,
        find: "if (parsed.range() === 'unicast') return true",
        replace: 'if (allow.length === 0) return true',
      },
    ],
    tests: [`${server}/oauth/logout/logout.test.ts`],
  },
]
