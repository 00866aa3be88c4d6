import { request } from 'node:http'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Whether a Docker engine answers where testcontainers looks for one. Also runs on Node 20. */
export async function dockerAnswers(env) {
  const host = env.DOCKER_HOST
  if (host !== undefined && !host.startsWith('unix://')) {
    return pings(hostAndPort(host))
  }
  const sockets = [
    host?.slice('unix://'.length) ?? '/var/run/docker.sock',
    join(env.XDG_RUNTIME_DIR ?? '/run/user/none', 'docker.sock'),
    join(homedir(), '.docker/run/docker.sock'),
    join(homedir(), '.docker/desktop/docker.sock'),
  ]
  const answers = await Promise.all(sockets.map((socketPath) => pings({ socketPath })))
  return answers.includes(true)
}

function hostAndPort(address) {
  const { hostname, port } = new URL(address)
  return { host: hostname, port: Number(port || 2375) }
}

function pings(place) {
  return new Promise((resolve) => {
    const ping = request({ ...place, path: '/_ping', timeout: 2000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    ping.on('error', () => resolve(false))
    ping.on('timeout', () => ping.destroy())
    ping.end()
  })
}
