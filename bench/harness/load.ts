import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expectSuccess, type Script } from './http-text.ts'
import { type Answer, readAnswer } from './read-answer.ts'
import { quantile } from './statistics.ts'

/** How often one connection retries after a 503, which a busy machine may cause. */
const MOST_RETRIES = 100

/** Latencies are in milliseconds, the rate is in requests a second. */
export type Load = { requests: number; rate: number; p50: number; p99: number; max: number }

/**
 * Sends requests over one connection for each script, each as soon as the one before is answered. Ends
 * after that many seconds, or when every script has ended.
 *
 * Plain sockets cost a fraction of an HTTP client. On two cores, a client that costs more than the server
 * under test would measure itself.
 */
export async function load(options: {
  port: number
  scripts: Script[]
  seconds: number
}): Promise<Load> {
  const latencies: number[] = []
  const start = performance.now()
  const deadline = start + options.seconds * 1000
  await Promise.all(
    options.scripts.map((script) => converse({ port: options.port, script, deadline, latencies })),
  )
  const seconds = (performance.now() - start) / 1000
  const sorted = Float64Array.from(latencies).toSorted()
  return {
    requests: latencies.length,
    rate: latencies.length / seconds,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    max: quantile(sorted, 1),
  }
}

/** Sends requests all at once, each over a connection of its own, and returns their answers. */
export async function askEach(port: number, requests: readonly string[]): Promise<Answer[]> {
  const answers: Answer[] = []
  const scripts = requests.map((request) => (last: Answer | undefined) => {
    expectSuccess(last)
    if (last) answers.push(last)
    return last ? undefined : request
  })
  await load({ port, scripts, seconds: 60 })
  return answers
}

/** Gives each connection its own requests, or all of them the same ones if there are too few. */
export function shareOut(requests: readonly string[], connections: number): string[][] {
  return Array.from({ length: connections }, (_, connection) => {
    const own = requests.filter((_, at) => at % connections === connection)
    return own.length > 0 ? own : [...requests]
  })
}

type Conversation = { port: number; script: Script; deadline: number; latencies: number[] }

async function converse(conversation: Conversation): Promise<void> {
  const socket = connect({ port: conversation.port, host: '127.0.0.1', noDelay: true })
  socket.setEncoding('latin1')
  await once(socket, 'connect')
  try {
    await askAll(socket, conversation)
  } finally {
    socket.destroy()
  }
}

function askAll(socket: Socket, { script, deadline, latencies }: Conversation): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = ''
    let sentAt = 0
    let request: string | undefined
    let retries = 0
    function ask(last?: Answer) {
      request = script(last)
      if (request === undefined) return resolve()
      sentAt = performance.now()
      socket.write(request, 'latin1')
    }
    /** The request's latency includes the wait. */
    function askAgain() {
      retries += 1
      if (request !== undefined) socket.write(request, 'latin1')
    }
    function receive(text: string) {
      received = received === '' ? text : received + text
      const read = readAnswer(received)
      if (!read) return
      received = read.rest
      if (read.answer.status === 503 && retries < MOST_RETRIES) return askAgain()
      const now = performance.now()
      latencies.push(now - sentAt)
      if (now >= deadline) resolve()
      else ask(read.answer)
    }
    function attempt(step: () => void) {
      try {
        step()
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    }
    socket.on('data', (text: string) => attempt(() => receive(text)))
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the server closed the connection')))
    attempt(() => ask())
  })
}
