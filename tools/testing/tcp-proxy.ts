import { createConnection, createServer, type Server, type Socket } from 'node:net'

export type TcpProxy = {
  url: string
  port: number
  /** How many connections have been opened since it started. */
  connections(): number
  /**
   * Swallows every byte of current and new connections, and their end, like a firewall that has forgotten
   * them. They stay silent for good, even after `heal`.
   */
  drop(): void
  /** The same, only for connections on which a client sent these words. */
  dropWhere(words: string): void
  /** Holds every byte back until `heal`, like a broken network after which TCP retransmits. */
  hold(): void
  /** Holds back the server's answers, only on connections on which a client sent these words. */
  holdAnswersWhere(words: string): void
  /** Delays every byte by this many ms. */
  delay(ms: number): void
  /** Resets the open connections; new ones work. */
  cut(): void
  /**
   * Ends the open connections cleanly, oldest first, as happens when a server is killed.
   */
  end(): void
  /** Also closes the port, so that connecting is refused. */
  refuse(): Promise<void>
  /** Restores the initial state. Connections that were dropped stay dead. */
  heal(): Promise<void>
  stop(): Promise<void>
}

type Mode =
  | { kind: 'pass' }
  | { kind: 'drop' }
  | { kind: 'hold'; answersWhere?: string }
  | { kind: 'delay'; ms: number }

/** Starts a TCP proxy in front of a server, to test a bad network. */
export async function startTcpProxy(target: { url: string }): Promise<TcpProxy> {
  const { hostname, port: targetPort, protocol } = new URL(target.url)
  const links = new Set<ReturnType<typeof connectBoth>>()
  let mode: Mode = { kind: 'pass' }
  let made = 0

  const accept = (client: Socket) => {
    made += 1
    const link = connectBoth(client, createConnection(Number(targetPort), hostname), () => mode)
    links.add(link)
    client.once('close', () => links.delete(link))
  }
  const cut = () => links.forEach((link) => link.cut())
  let server = await listen(accept, 0)
  const { port } = server
  const close = () => (cut(), closeServer(server.server))

  return {
    url: `${protocol}//127.0.0.1:${port}`,
    port,
    connections: () => made,
    drop() {
      mode = { kind: 'drop' }
      links.forEach((link) => link.die())
    },
    dropWhere: (words) => links.forEach((link) => void (link.hasSaid(words) && link.die())),
    hold: () => void (mode = { kind: 'hold' }),
    holdAnswersWhere: (words) => void (mode = { kind: 'hold', answersWhere: words }),
    delay: (ms) => void (mode = { kind: 'delay', ms }),
    cut,
    end: () => links.forEach((link) => link.end()),
    refuse: close,
    async heal() {
      mode = { kind: 'pass' }
      links.forEach((link) => link.flush())
      if (!server.server.listening) server = await listen(accept, port)
    },
    stop: close,
  }
}

/** How much of a client's data is kept, to search it for words. */
const MOST_SAID = 10_000

/** The two halves of one proxied connection. */
function connectBoth(client: Socket, upstream: Socket, mode: () => Mode) {
  let isDead = mode().kind === 'drop'
  let held: (() => void)[] = []
  let said = ''
  const hasSaid = (words: string) => said.includes(words)

  function isHeld(now: Mode, from: Socket): boolean {
    if (now.kind !== 'hold') return held.length > 0
    return now.answersWhere === undefined || (from === upstream && hasSaid(now.answersWhere))
  }

  function pass(from: Socket, action: () => void): void {
    const now = mode()
    if (isDead) return
    if (isHeld(now, from)) held.push(action)
    else if (now.kind === 'delay') setTimeout(action, now.ms)
    else action()
  }
  client.on('data', (chunk) => (said = `${said}${chunk.toString('latin1')}`.slice(-MOST_SAID)))
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    from.setNoDelay(true)
    from.on('data', (chunk) => pass(from, () => void to.write(chunk)))
    from.on('end', () => pass(from, () => void to.end()))
    from.on('error', () => (isDead ? undefined : to.destroy()))
    from.on('close', () => (isDead ? undefined : to.destroy()))
  }

  return {
    hasSaid,
    die: () => void (isDead = true),
    flush() {
      const actions = held
      held = []
      if (!isDead) for (const action of actions) action()
    },
    end() {
      client.destroy()
      upstream.destroy()
    },
    cut() {
      client.resetAndDestroy()
      upstream.destroy()
    },
  }
}

async function listen(accept: (client: Socket) => void, port: number) {
  const server = createServer({ allowHalfOpen: true }, accept)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return { server, port: typeof address === 'object' && address ? address.port : 0 }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
