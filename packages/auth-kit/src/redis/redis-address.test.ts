import { describe, expect, it } from '@jest/globals'
import { openRedis } from './open-redis.ts'
import { readRedisAddress } from './redis-address.ts'

describe('readRedisAddress', () => {
  it.each([
    ['redis://host', { kind: 'single', hosts: [{ host: 'host', port: 6379 }], db: 0, tls: false }],
    [
      'rediss://:secret@127.0.0.1:1/3',
      { tls: true, password: 'secret', username: undefined, db: 3 },
    ],
    ['redis://[::1]:1', { hosts: [{ host: '::1', port: 1 }] }],
    ['redis://u:p:w@h:1', { username: 'u', password: 'p:w' }],
    ['redis://u:p%40%2Fw@h:1?db=4', { password: 'p@/w', db: 4 }],
    ['redis://h:1?family=6', { family: 6 }],
  ])('reads the address of a single server: %s', (url, parts) => {
    expect(readRedisAddress(url)).toMatchObject(parts)
  })

  it.each([
    [
      'redis-sentinel://h/',
      { kind: 'sentinel', hosts: [{ host: 'h', port: 26379 }], group: 'mymaster' },
    ],
    ['redis-sentinel://u:p:w@h:1/main', { username: 'u', password: 'p:w', group: 'main', db: 0 }],
    ['redis-sentinel://h:1/main/2', { group: 'main', db: 2 }],
    ['redis-sentinel://h:1/main?db=2', { group: 'main', db: 2 }],
    [
      'redis-sentinel://:p@[::1]:1, [::1]:2/main?sentinelPassword=s%26s',
      {
        password: 'p',
        hosts: [
          { host: '::1', port: 1 },
          { host: '::1', port: 2 },
        ],
        sentinelPassword: 's&s',
      },
    ],
    ['rediss-sentinel://h:1/main', { kind: 'sentinel', tls: true }],
  ])('reads the address of a Sentinel group: %s', (url, parts) => {
    expect(readRedisAddress(url)).toMatchObject(parts)
  })

  it.each([
    ['redis-cluster://[::1]:1', { kind: 'cluster', hosts: [{ host: '::1', port: 1 }] }],
    [
      'redis-cluster://u:p:w@a:1,b/0',
      {
        password: 'p:w',
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 6379 },
        ],
      },
    ],
    ['rediss-cluster://h:1', { kind: 'cluster', tls: true }],
  ])('reads the address of a Cluster: %s', (url, parts) => {
    expect(readRedisAddress(url)).toMatchObject(parts)
  })

  it.each([
    'http://h',
    'redis://',
    'redis://a,b',
    'redis://h:port',
    'redis://h/name',
    'redis-cluster://h/1',
    'redis://u:100%@h',
    'redis://hunter2/x@h',
  ])('refuses an invalid address without repeating it: %s (R61)', (url) => {
    expect(() => readRedisAddress(url)).toThrow(/^The Redis URL must look like/)
  })
})

describe('openRedis', () => {
  it('says that the URL is missing, as in an app without REDIS_URL', () => {
    const { NOT_SET: url = '' } = process.env
    expect(() => openRedis(url, () => undefined)).toThrow(
      'openRedis: the URL is missing, such as redis://localhost:6379',
    )
    expect(() => Reflect.apply(openRedis, undefined, [undefined])).toThrow('the URL is missing')
  })
})
