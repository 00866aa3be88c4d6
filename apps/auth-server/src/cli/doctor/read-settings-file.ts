import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { describeSessions, openRedis, type RedisClient } from 'auth-kit/session'
import {
  isProduction,
  readSettings,
  serverConfig,
  serverSettings,
  SettingsError,
} from 'service-kit'
import { z } from 'zod'
import { CliError, wrongUsage } from '../cli-error.ts'
import { untilRedisAnswers } from '../wait-for-redis.ts'
import type { DescribedServer } from './described-server.ts'

/**
 * What a server with the settings in this file (`NAME=value` lines) would answer at `/doctor`.
 *
 * @throws CliError if the file cannot be read or its settings are invalid
 */
export async function readSettingsFile(file: string, nonce: string): Promise<DescribedServer> {
  const { publicUrl, ...config } = configIn(file)
  const redis = openRedis(config.redisUrl, () => undefined)
  try {
    await untilReady(redis)
    const options = {
      redis,
      publicUrl,
      secrets: config.sessionSecrets,
      cookieDomain: config.cookieDomain,
      cookieName: config.cookieName,
      idleDays: config.sessionIdleDays,
      absoluteDays: config.sessionAbsoluteDays,
    }
    const { trustProxy } = config
    return { name: file, description: { ...(await describeSessions(options, nonce)), trustProxy } }
  } finally {
    redis.disconnect()
  }
}

/** Waits for the first connection. A Redis that does not answer is a finding, not the end. */
function untilReady(redis: RedisClient): Promise<void> {
  return untilRedisAnswers(redis, 'REDIS_URL').catch(() => undefined)
}

function configIn(file: string) {
  const env = parseEnv(contentOf(file))
  try {
    const schema = z.object(serverSettings({ production: isProduction(env), port: 3000 }))
    const settings = readSettings(schema, env)
    const publicUrl = settings.PUBLIC_URL ?? new URL('http://localhost')
    return { ...serverConfig(settings, publicUrl), publicUrl }
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    throw new CliError({ code: 'settings', message: `In ${file}: ${error.message}` })
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw wrongUsage(
      `There is no file ${file}. Name a server by a settings file or by its address, http://….`,
    )
  }
}
