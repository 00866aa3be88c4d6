import { once } from 'node:events'
import type { Socket } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { readHeaders } from '../strict-headers.fixture.ts'

/** What the server does with one e-mail. It stalls or drops once it has the whole text. */
export type Answer =
  | 'accept'
  | 'stall'
  | 'drop'
  | { refuse: number; at: 'RCPT' | 'DATA'; text?: string }

export type CaughtMail = {
  from: string
  to: string[]
  raw: string
  headers: Map<string, string>
  mail: Email
}

type Script = (to: string, attempt: number) => Answer | Promise<Answer>

/**
 * A real SMTP server that follows a script for each e-mail and keeps those it accepts. It refuses headers
 * that break RFC 5322 with 554, as Gmail does.
 */
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
      void take(stream, session).then(() => done(), done)
    },
  })
  // Never settles if the server stops answering.
  async function take(stream: AsyncIterable<Buffer>, session: SMTPServerSession): Promise<void> {
    const raw = await read(stream)
    const { mailFrom, rcptTo } = session.envelope
    const to = rcptTo.map(({ address }) => address)
    const answer = await decide(to[0] ?? '')
    if (answer === 'drop') sockets.get(session.remotePort)?.destroy()
    if (answer === 'drop' || answer === 'stall') await new Promise(() => undefined)
    const refused = refusal(answer, 'DATA')
    if (refused) throw refused
    const from = mailFrom === false ? '' : mailFrom.address
    const headers = checkHeaders(raw)
    caught.push({ from, to, raw, headers, mail: await PostalMime.parse(raw) })
  }
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
    /** How often each address was a recipient. */
    attempts,
    /** Changes what it does from now on. */
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

function checkHeaders(raw: string): Map<string, string> {
  try {
    return readHeaders(raw)
  } catch (cause) {
    throw Object.assign(new Error(String(cause), { cause }), { responseCode: 554 })
  }
}

async function read(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
