import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from 'rabbitmq-client'
import { strikesWhile } from '../strikes-while.ts'
import type { Stage, Trial } from '../trial.ts'
import { waitUntil } from '../wait-until.ts'

const ids = 'F10 N1'
const publish = { request: 'application/jose' }

/** RabbitMQ is missing all the time: everyone gets a 202, and the e-mail later. */
export function rabbitIsAway(signUps: number): Trial {
  return {
    ids,
    fault: 'RabbitMQ not reachable',
    moment: 'during all sign-ups',
    planned: 1,
    maySee: [],
    async run({ system, signUp, observed, problem }) {
      const { people, done } = await signUp(signUps)
      await done
      if (people.some(({ email }) => system.smtp.copies(email).length > 0))
        problem('an e-mail arrived without RabbitMQ')
      observed('everyone got an answer without it')
      await system.startRabbit()
    },
  }
}

/** RabbitMQ is killed while people sign up, and restarted while they still do. */
export function rabbitIsKilled(at: 'request' | 'answer' | 'any', signUps: number): Trial {
  const moments = {
    request: 'an e-mail is being published',
    answer: 'before its confirm arrives',
    any: 'any',
  }
  return {
    ids,
    fault: 'RabbitMQ killed',
    moment: moments[at],
    planned: 1,
    maySee: [],
    async run({ system, random, signUp, observed }) {
      const { rabbit, taps } = system
      const kill = () => void process.kill(rabbit.pid, 'SIGKILL')
      const sight = { ...publish, skip: random.below(Math.ceil(signUps / 4)) }
      const struck = at === 'any' ? undefined : taps.amqp.strike({ ...sight, at }, kill)
      const { done } = await signUp(signUps)
      const blow = struck ?? sleep(random.below(500)).then(kill)
      if (!(await strikesWhile(blow, done))) return
      await rabbit.kill()
      observed('killed')
      await Promise.all([done, rabbit.restart()])
    },
  }
}

/** RabbitMQ stops answering with its connections open: nobody waits for it. */
export function rabbitIsPaused(signUps: number): Trial {
  return {
    ids: 'F11 C27',
    fault: 'RabbitMQ stopped (SIGSTOP)',
    moment: 'an e-mail is being published',
    planned: 1,
    maySee: [],
    async run({ system, random, signUp, observed }) {
      const { rabbit, taps } = system
      const sight = { ...publish, at: 'request', skip: random.below(5) } as const
      const struck = taps.amqp.strike(sight, () => rabbit.pause())
      const { done } = await signUp(signUps)
      if (!(await strikesWhile(struck, done))) return
      observed('stopped')
      await done
      await sleep(500)
      rabbit.resume()
    },
  }
}

/** The queue is deleted while nobody consumes it: e-mails stay in the outbox until it is back. */
export function queueIsDeleted(signUps: number): Trial {
  return {
    ids: 'F12',
    fault: 'queue deleted',
    moment: 'before sign-ups, worker down',
    planned: 1,
    maySee: [],
    async run({ system, signUp, observed, problem, workerDied }) {
      await killWorker(system, workerDied)
      await deleteQueue(system.amqpUrl)
      observed('deleted')
      const { people, done } = await signUp(signUps)
      await done
      await sleep(1_000)
      const waiting = await system.users.countDocuments({
        usernameKey: { $in: people.map(({ username }) => username) },
        'outbox.0': { $exists: true },
      })
      if (waiting !== people.length) problem(`${people.length - waiting} e-mails counted as sent`)
      await system.worker.revive()
    },
  }
}

async function killWorker({ worker }: Stage['system'], workerDied: () => void): Promise<void> {
  worker.signal('SIGKILL')
  workerDied()
  await waitUntil(() => !worker.isRunning(), 5_000)
}

async function deleteQueue(url: string): Promise<void> {
  const connection = new Connection(url)
  connection.on('error', () => undefined)
  await connection.queueDelete({ queue: 'mail' })
  await connection.close()
}
