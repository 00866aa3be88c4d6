import { exchangeBytes } from './exchange-bytes.ts'
import { claimRedisDatabase, reachRedis } from './redis-database.ts'
import { findProgram } from './find-program.ts'
import type { Service } from './service.ts'

// Every write is synced, because a crash must not undo an answered sign-out.
const durability = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']

export const redisService: Service = {
  label: 'Redis',
  setting: 'REDIS_URL',
  usualPort: 6379,
  url: (host, port) => `redis://${host}:${port}`,

  async answers(host, port) {
    const answer = await exchangeBytes(host, port, Buffer.from('PING\r\n'))
    return answer.toString().startsWith('+PONG')
  },

  reach: reachRedis,
  share: async (url, namespace) => ({ url: await claimRedisDatabase(url, namespace) }),

  image: {
    name: 'redis:8',
    port: 6379,
    dataFolder: '/data',
    command: ['redis-server', ...durability],
  },

  async prepareLocalServer({ env }) {
    const program = await findProgram(['redis-server'], env)
    if (program === undefined) {
      throw new Error(
        'No Redis: install redis-server (apt or dnf install redis-server, brew install redis), or set REDIS_URL.',
      )
    }
    return {
      name: 'redis-server',
      dataFolder: 'redis',
      command: ({ dir, port }) => [
        program,
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--dir',
        dir,
        '--daemonize',
        'no',
        ...durability,
      ],
    }
  },
}
