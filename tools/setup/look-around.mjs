import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { dockerAnswers } from './docker-answers.mjs'
import { downloadMongod } from './download-mongod.mjs'
import { embeddedMongoPath } from './embedded-mongo-path.mjs'
import { isOnPath } from './is-on-path.mjs'
import { showStep } from './show-step.mjs'

// Its path on systems that keep it off an ordinary user's PATH.
const rabbitLibraries = ['/usr/lib/rabbitmq/lib', '/usr/lib64/rabbitmq/lib']

/** The facts about this machine that decide what has to be installed. `env` is the command's. */
export async function lookAround({ command, env }) {
  const has = (...programs) => programs.some((program) => isOnPath(program, env.PATH))
  const mongoElsewhere = await isElsewhere(env, 'MONGO_URL', 27017)
  const isNeeded = command === 'test' || !mongoElsewhere
  return {
    command,
    env,
    redis: has('redis-server'),
    redisElsewhere: await isElsewhere(env, 'REDIS_URL', 6379),
    rabbit: has('rabbitmq-server') || rabbitLibraries.some((folder) => existsSync(folder)),
    rabbitElsewhere: await isElsewhere(env, 'AMQP_URL', 5672),
    mongoElsewhere,
    ...(isNeeded ? await findMongo(env, has) : { mongo: false }),
    browser: Boolean(env.CHROMIUM_PATH) || has('chromium', 'chromium-browser', 'google-chrome'),
  }
}

// In the order of tools/services. Any Go can build one, so only without Go does this wait for a download.
async function findMongo(env, has) {
  if (has('mongod', 'go') || existsSync('/usr/local/go/bin/go')) return { mongo: true }
  if (existsSync(embeddedMongoPath(env))) return { mongo: true }
  return showStep('Downloading MongoDB', () => downloadMongod(env)).then(
    () => ({ mongo: true }),
    (error) => ({ mongo: false, whyNoMongo: error.message }),
  )
}

// In the order of tools/services.
async function isElsewhere(env, setting, usualPort) {
  if (env[setting] || env[`${setting}_FILE`]) return true
  if (env.SERVICES === 'docker') return true
  if (env.SERVICES === 'local') return false
  const isFound = env.SERVICES === 'found' && (await isListening(usualPort))
  return isFound || (await dockerAnswers(env))
}

function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 500 })
    const tell = (answer) => () => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('connect', tell(true)).on('error', tell(false)).on('timeout', tell(false))
  })
}
