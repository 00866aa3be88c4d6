import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

type Environment = Record<string, string | undefined>

/** The system that commands talk to. */
export type System = {
  /** The auth server's settings. */
  env: Environment
  /** Where the servers of `npm start` answer; absent if the environment names the system. */
  running?: { authServer: string; productServer: string }
}

const runningSchema = z.object({
  authServer: z.string(),
  productServer: z.string(),
  services: z.object({ mongo: z.string(), redis: z.string(), amqp: z.string() }),
})
const settingsSchema = z.record(z.string(), z.string())

/**
 * Finds the system that commands talk to: the one that `npm start` runs with its data in `dataDir`, or the
 * one that the environment names if its stores differ. Settings in the environment win. Settings of two
 * systems are never mixed.
 */
export function findSystem(env: Environment, dataDir: string): System {
  const running = readJson(join(dataDir, 'running.json'), runningSchema)
  const settings = readJson(join(dataDir, 'auth-server.json'), settingsSchema)
  if (!running || !settings || !isSame(env, running.services)) return { env }
  const { authServer, productServer } = running
  return { env: { ...without(settings, env), ...env }, running: { authServer, productServer } }
}

function isSame(env: Environment, services: z.output<typeof runningSchema>['services']): boolean {
  const { mongo, redis, amqp } = services
  return Object.entries({ MONGO_URL: mongo, REDIS_URL: redis, AMQP_URL: amqp }).every(
    ([name, url]) => !env[`${name}_FILE`] && (!env[name] || env[name] === url),
  )
}

/** The settings that the environment sets neither directly nor as a file. */
function without(settings: Environment, env: Environment): Environment {
  const isGiven = (name: string) => {
    const plainName = name.replace(/_FILE$/, '')
    return Boolean(env[plainName] || env[`${plainName}_FILE`])
  }
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !isGiven(name)))
}

function readJson<Schema extends z.ZodType>(file: string, schema: Schema) {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}
