import { describe, expect, it } from '@jest/globals'
import { addressProblem } from './connection-address.ts'

const rules = {
  smtp: { schemes: ['smtp', 'smtps'], example: 'smtp://host:587' },
  redis: { schemes: ['redis', 'redis-cluster'], example: 'redis://host:6379', manyHosts: true },
  mongo: {
    schemes: ['mongodb', 'mongodb+srv'],
    example: 'mongodb://host:27017/auth',
    manyHosts: true,
    database: true,
    strict: true,
  },
}

describe('a connection address', () => {
  it.each([
    ['smtp', 'smtp://host'],
    ['smtp', 'smtps://user:p%2Fw@[2001:db8::1]:465/?requireTLS=true'],
    ['smtp', 'smtp://user@example.com:p:w@host:587'],
    ['redis', 'redis-cluster://[::1]:7000, [::1]:7001'],
    ['redis', 'redis://:p:w@host:6379/2?family=6'],
    ['mongo', 'mongodb://u:p@a:1,b:2/auth?replicaSet=rs0'],
    ['mongo', 'mongodb+srv://u:p@cluster0.example/auth?retryWrites=true&w=majority'],
    ['mongo', 'mongodb://u:p@m:10255/auth?ssl=true&appName=@m@'],
  ] as const)('for %s is accepted: %s', (kind, text) => {
    expect(addressProblem(text, rules[kind])).toBeUndefined()
  })

  it.each([
    ['smtp', 'smtp://AKIA:BJ7x/yZ+q0@host:1025', '/ as %2F'],
    ['smtp', 'smtp://user:a#b@host:587', '# as %23'],
    ['smtp', 'smtp://user:a?b@host:587', '? as %3F'],
    ['smtp', 'smtp://user:100%@host:587', '% as %25'],
    ['smtp', 'smtp://user:p@ss@host:587', '@ as %40'],
    ['smtp', 'smtp://user:12/w&x=1@host', '/ as %2F'],
    ['smtp', 'smtp://user:p?a=b@host', '? as %3F'],
    ['smtp', 'smtp://host:99999', 'smtp://host:587'],
    ['smtp', 'smtp://host#587', '# as %23'],
    ['redis', 'redis://:p@ss@host:6379', '@ as %40'],
    ['mongo', 'mongodb://u:p:w@m/auth', ': as %3A'],
    ['mongo', 'mongodb://u@example.com:pw@m/auth', '@ as %40'],
    ['mongo', 'mongodb://u:p[w@m/auth', '[ as %5B'],
    ['smtp', 'http://host', 'smtp://host:587'],
    ['smtp', 'smtp://a:1,b:2', 'one host'],
    ['smtp', 'smtp://host:port', 'smtp://host:587'],
    ['smtp', 'smtp://', 'smtp://host:587'],
    ['redis', 'redis://a b', 'redis://host:6379'],
    ['redis', 'redis://::1:6379', 'redis://host:6379'],
    ['mongo', 'mongodb://m:27017', 'names no database'],
    ['mongo', 'mongodb://m:27017/', 'names no database'],
    ['mongo', 'mongodb+srv://u:p@cluster0.example/?w=majority', 'names no database'],
  ] as const)('for %s is refused with the way to write it: %s', (kind, text, words) => {
    expect(addressProblem(text, rules[kind])).toContain(words)
  })

  it('is never repeated, because it may hold a password (R61)', () => {
    expect(addressProblem('smtp://user:hun/ter2@host', rules.smtp)).not.toContain('ter2')
  })
})
