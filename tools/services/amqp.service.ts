import { Connection } from 'rabbitmq-client'
import { exchangeBytes } from './exchange-bytes.ts'
import { prepareRabbit } from './prepare-rabbit.ts'
import type { Service } from './service.ts'

export const amqpService: Service = {
  label: 'RabbitMQ',
  setting: 'AMQP_URL',
  usualPort: 5672,
  url: addressOf,

  async answers(host, port) {
    const greeting = await exchangeBytes(host, port, Buffer.from('AMQP\0\0\x09\x01', 'latin1'))
    return greeting.includes('RabbitMQ') && (await letsUsIn(addressOf(host, port)))
  },

  reach: (url) => connect(url, 4_000),

  // It only keeps queues, and their names can have a prefix.
  share: async (url, namespace) => ({ url, queuePrefix: `latchkey-${namespace}.` }),

  image: {
    name: 'rabbitmq:4',
    port: 5672,
    dataFolder: '/var/lib/rabbitmq',
    // A node finds its data by its host name, which is otherwise that of the container.
    command: [
      'env',
      'RABBITMQ_NODENAME=rabbit@localhost',
      'docker-entrypoint.sh',
      'rabbitmq-server',
    ],
  },

  prepareLocalServer: prepareRabbit,
}

// RabbitMQ's default account. It works only from the same machine.
function addressOf(host: string, port: number): string {
  return `amqp://guest:guest@${host}:${port}`
}

function letsUsIn(url: string): Promise<boolean> {
  return connect(url, 1_000).then(
    () => true,
    () => false,
  )
}

async function connect(url: string, patienceMs: number): Promise<void> {
  const connection = new Connection({ url, connectionTimeout: patienceMs, retryLow: 5_000 })
  let reason: unknown
  connection.on('error', (error: unknown) => (reason ??= error))
  try {
    await connection.onConnect(patienceMs)
  } catch (error) {
    throw reason ?? error
  } finally {
    connection.unsafeDestroy()
  }
}
