import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OwnInstance, startOwnRedis } from '../services/own-instances.ts'

export type RedisWithBackups = OwnInstance & {
  /** Copies the files of Redis; `restore` starts it again from the copy. */
  backUp: () => Promise<{ restore: () => Promise<void> }>
}

/** A Redis that a test can restore from a copy of its files, as operators do. */
export async function startRedisWithBackups(): Promise<RedisWithBackups> {
  const root = await mkdtemp(join(tmpdir(), 'redis-backups-'))
  const data = join(root, 'data')
  const redis = await startOwnRedis({ dir: data })

  async function backUp() {
    const copy = await mkdtemp(join(root, 'copy-'))
    await cp(data, copy, { recursive: true })
    return {
      async restore() {
        await redis.kill()
        await rm(data, { recursive: true })
        await cp(copy, data, { recursive: true })
        await redis.restart()
      },
    }
  }
  const { stop } = redis
  return Object.assign(redis, {
    backUp,
    async stop() {
      await stop()
      await rm(root, { recursive: true, force: true })
    },
  })
}
