import { once } from 'node:events'
import type { Socket } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** What the server does with one mail: stalling and dropping happen when it holds the whole text. */
export type Answer =
  | 'accept'
  | 'stall'
  | 'drop'
  | { refuse: number; at: 'RCPT' | 'DATA'; text?: string }

export type CaughtMail = { from: string; to: string[]; raw: string; mail: Email }

type Script = (to: string, attempt: number) => Answer | Promise<Answer>

/** A real SMTP server that does with each mail as it is told, and keeps what it accepted. */
export async function startSmtp(script: Script = () => 'accept') {
  const caught: CaughtMail[] = []
  const attempts = new Map<string, number>()
  const sockets = new Map<number, Socket>()
  let answer = script

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    hideSTARTTLS: true,
    logger: false,
    closeTimeout: 50,
    onRcptTo: (address, _session, done) => {
      const attempt = (attempts.get(address.address) ?? 0) + 1
      attempts.set(address.address, attempt)
      void decide(address.address).then((answer) => done(refusal(answer, 'RCPT')))
    },
    onData: (stream, session, done) => {
      const to = session.envelope.rcptTo.map(({ address }) => address)
      void Promise.all([read(stream), decide(to[0] ?? '')]).then(async ([raw, answer]) => {
        if (answer === 'stall') return
        if (answer === 'drop') return void sockets.get(session.remotePort)?.destroy()
        const refused = refusal(answer, 'DATA')
        if (refused) return done(refused)
        const { mailFrom } = session.envelope
        const from = mailFrom === false ? '' : mailFrom.address
        caught.push({ from, to, raw, mail: await PostalMime.parse(raw) })
        done()
      })
    },
  })
  async function decide(to: string): Promise<Answer> {
    return await answer(to, attempts.get(to) ?? 0)
  }
  server.on('error', () => undefined)
  server.server.on('connection', (socket: Socket) => {
    if (socket.remotePort !== undefined) sockets.set(socket.remotePort, socket)
  })
  const listener = server.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')

  return {
    url: `smtp://127.0.0.1:${address.port}`,
    caught,
    /** How often each address was named as recipient. */
    attempts,
    /** What it does from now on. */
    follow: (script: Script) => void (answer = script),
    close: async () => {
      for (const socket of sockets.values()) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

export type TestSmtp = Awaited<ReturnType<typeof startSmtp>>

function refusal(answer: Answer, at: 'RCPT' | 'DATA') {
  if (typeof answer === 'string' || answer.at !== at) return null
  const text = answer.text ?? 'refused by the test'
  return Object.assign(new Error(text), { responseCode: answer.refuse })
}

async function read(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
