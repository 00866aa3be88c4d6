import { accessSync, constants, existsSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { dockerAnswers } from './docker-answers.mjs'

// Where its program is on systems that keep it off an ordinary user's PATH.
const rabbitLibraries = ['/usr/lib/rabbitmq/lib', '/usr/lib64/rabbitmq/lib']

/** What of this machine decides about what has to be installed; `env` as given to the command. */
export async function lookAround({ command, env }) {
  const has = (...programs) => programs.some((program) => isOnPath(program, env.PATH ?? ''))
  return {
    command,
    redis: has('redis-server'),
    redisElsewhere: await isElsewhere(env, 'REDIS_URL', 6379),
    rabbit: has('rabbitmq-server') || rabbitLibraries.some((folder) => existsSync(folder)),
    rabbitElsewhere: await isElsewhere(env, 'AMQP_URL', 5672),
    browser: Boolean(env.CHROMIUM_PATH) || has('chromium', 'chromium-browser', 'google-chrome'),
  }
}

// In the order of tools/services; with Go missing, too, it is tools/services that knows what helps.
async function isElsewhere(env, setting, usualPort) {
  if (env[setting] || env[`${setting}_FILE`]) return true
  if (env.SERVICES) return env.SERVICES === 'docker'
  return (await isListening(usualPort)) || (await dockerAnswers(env))
}

function isOnPath(program, path) {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
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
