import { AUDIENCE } from '../../../../tools/testing/token-issuer.ts'
import { encode, pick, type Forgery } from './forger.fixture.ts'

/** Tokens signed with the issuer's key but not valid here. */
export const wrongTokens: Record<string, Forgery> = {
  'wrong typ: a refresh token or another JWT': ({ issuer, key, chance }) => {
    const types = ['rt+jwt', 'JWT', undefined, 'id+jwt', 'at+jwt ', 'logout+jwt', '', 1]
    return issuer.sign({ key, header: { typ: pick(types, chance(8)) } })
  },
  'another issuer': ({ issuer, key, chance }) => {
    const url = issuer.issuer
    const others = [`${url}/`, `${url}.evil.example`, url.toUpperCase(), '', [url], null]
    return issuer.sign({ key, claims: { iss: pick(others, chance(6)) } })
  },
  "token for another audience, signed with another client's key": ({ issuer, other, chance }) => {
    const others = [
      'https://other.example',
      ['https://other.example', 'https://third.example'],
      `${AUDIENCE}/`,
      AUDIENCE.slice(0, -1),
      `${AUDIENCE} https://other.example`,
      [],
      [[AUDIENCE]],
      { 0: AUDIENCE },
      '*',
    ]
    return issuer.sign({ key: other, claims: { aud: pick(others, chance(9)) } })
  },
  'missing claim': ({ issuer, key, chance }) => {
    const names = ['iss', 'sub', 'aud', 'client_id', 'jti', 'iat', 'exp']
    return issuer.sign({ key, claims: { [pick(names, chance(7)) ?? '']: undefined } })
  },
  'claim of the wrong type': ({ issuer, key, chance }) => {
    const name = pick(['sub', 'client_id', 'jti', 'scope', 'iat', 'exp', 'nbf'], chance(7)) ?? ''
    const value = pick([{ $ne: null }, ['ada-1'], true, null], chance(4))
    return issuer.sign({ key, claims: { [name]: value } })
  },
  expired: ({ issuer, key, chance }) => {
    const now = Math.floor(Date.now() / 1000)
    return issuer.sign({ key, claims: { iat: now - 1e7, exp: now - 6 - chance(1e6) } })
  },
  'not yet valid': ({ issuer, key, chance }) => {
    const later = Math.floor(Date.now() / 1000) + 60 + chance(1e6)
    const claims = pick([{ nbf: later }, { iat: later }, { nbf: later, iat: later }], chance(3))
    return issuer.sign({ key, claims: { exp: later + 300, ...claims } })
  },
  oversize: async ({ issuer, key, chance }) =>
    issuer.sign({ key, claims: { padding: 'x'.repeat(6200 + chance(3000)) } }),
  'malformed compact token': async ({ issuer, key, chance }) => {
    const token = await issuer.sign({ key })
    const [header, payload, signature] = token.split('.')
    const forms = [
      `${token}.`,
      `.${token}`,
      `${token}.${signature}.${signature}`,
      `${header}..${signature}`,
      `${header}.${payload}`,
      token.replaceAll('.', ' '),
      `${token},${token}`,
      encode({ protected: header, payload, signature }),
    ]
    return pick(forms, chance(8)) ?? ''
  },
}
