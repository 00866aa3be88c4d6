import { setTimeout as sleep } from 'node:timers/promises'
import { startReadyProxy } from '../../tools/testing/ready-proxy.ts'
import { findFreePort } from '../../tools/services/free-port.ts'
import { refreshWhile } from '../refresh-while.ts'
import { startApp } from '../start-app.ts'
import { openTokenHolders } from '../token-holders.ts'
import type { Trial } from '../trial.ts'

const families = 8
/** The bytes of a rotation's write in a command to MongoDB. */
const rotation = '\x02findAndModify\0\x09\0\0\0families\0'

type Moment = 'request' | 'answer'
const moments = { request: 'a rotation in flight', answer: 'rotated, not answered' }

/** MongoDB dies, or stops for longer than the leeway, in the middle of a rotation. */
export function mongoFailsWhileRefreshing(how: 'killed' | 'stopped', at: Moment): Trial {
  return {
    ids: how === 'killed' ? 'N9 C9' : 'F8 C9',
    fault: how === 'killed' ? 'MongoDB killed' : 'MongoDB stopped (SIGSTOP)',
    moment: moments[at],
    planned: 1,
    maySee: [],
    async run({ system, random, observed, problem, history }) {
      const { mongo, taps } = system
      const holders = await openTokenHolders(system)
      const strike = () => (how === 'killed' ? process.kill(mongo.pid, 'SIGKILL') : mongo.pause())
      const { burnt } = await refreshWhile({ holders, families, history }, async () => {
        const skip = random.below(20)
        await taps.mongo.strike({ request: rotation, at, skip }, () => void strike())
        observed(how)
        await sleep(how === 'killed' ? random.below(500) : 11_000)
        if (how === 'killed') await mongo.restart()
        else mongo.resume()
        await sleep(1_000)
      })
      if (burnt > 0) problem(`${burnt} families were burnt`)
    },
  }
}

/** auth-server dies in the middle of a rotation and is back within the leeway. */
export function authServerIsKilledWhileRefreshing(at: Moment): Trial {
  return {
    ids: 'C7 C9',
    fault: 'auth-server killed',
    moment: moments[at],
    planned: 1,
    maySee: [],
    async run({ system, random, observed, problem, history }) {
      const { auth, taps } = system
      const holders = await openTokenHolders(system)
      const { burnt } = await refreshWhile({ holders, families, history }, async () => {
        const skip = random.below(20)
        await taps.mongo.strike({ request: rotation, at, skip }, () => auth.signal('SIGKILL'))
        observed('killed')
        await auth.revive()
        await sleep(500)
      })
      if (burnt > 0) problem(`${burnt} families were burnt`)
    },
  }
}

/** Two auth-servers behind a proxy are restarted one after the other, and again. */
export function rollingRestarts(times: number): Trial {
  return {
    ids: 'N12',
    fault: 'auth-servers restarted in turn',
    moment: 'while refreshing',
    planned: times * 2,
    maySee: [],
    async run({ system, observed, problem, history }) {
      const ports = await Promise.all([findFreePort(), findFreePort()])
      const logFile = `${history.folder}/rolling.log`
      const env = { ...system.env, AMQP_URL: system.amqpUrl }
      const servers = await Promise.all(
        ports.map((port) => startApp({ name: 'auth-server', port, env, logFile })),
      )
      const proxy = await startReadyProxy(servers.map(({ origin }) => origin))
      await Promise.all(servers.map(({ origin }) => proxy.untilReady(origin)))
      const holders = await openTokenHolders(system)
      const options = { holders, families, history, origin: proxy.origin }
      const { statuses } = await refreshWhile(options, async () => {
        for (let turn = 0; turn < times * 2; turn += 1) {
          const server = servers[turn % 2]
          await server?.revive()
          if (server) await proxy.untilReady(server.origin)
          observed('restarted')
        }
      })
      const { 200: good = 0, ...bad } = statuses
      if (Object.keys(bad).length > 0) problem(`refreshes were answered ${JSON.stringify(bad)}`)
      history.record({ what: 'rolled', good, bad })
      await proxy.stop()
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}
