import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from '@jest/globals'

const fixture = fileURLToPath(new URL('run-server.fixture.ts', import.meta.url))
const running = new Set<ChildProcess>()

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})

async function start({
  port = 0,
  drainMs = 10_000,
  keepAliveSeconds = 65,
  receiveMs = 20_000,
} = {}) {
  const args = [port, drainMs, keepAliveSeconds, receiveMs].map(String)
  const child = spawn(process.execPath, [fixture, ...args])
  running.add(child)
  let output = ''
  const { promise: listening, resolve } = Promise.withResolvers<number>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    const found = /"port":(\d+),"msg":"listening"/.exec(output)?.[1]
    if (found !== undefined) resolve(Number(found))
  })
  const exited = once(child, 'exit').then(([code]: unknown[]) => {
    running.delete(child)
    resolve(0)
    return code
  })
  return { child, port: await listening, exited, output: () => output }
}

type Answer = { status: number | undefined; body: string; connection: string | undefined }

async function ask(port: number, path: string, agent?: Agent): Promise<Answer> {
  const options = { port, host: '127.0.0.1', path, ...(agent ? { agent } : {}) }
  const [res]: IncomingMessage[] = await once(get(options), 'response')
  if (!res) throw new Error('no answer')
  const body = (await res.setEncoding('utf8').toArray()).join('')
  return { status: res.statusCode, body, connection: res.headers.connection }
}

describe('runServer', () => {
  it('keeps serving, and exits cleanly, after the reader of its log has gone', async () => {
    const { child, port, exited } = await start()
    child.stdout?.destroy()
    expect((await ask(port, '/slow/1')).status).toBe(200)
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
  })

  it('answers 500 requests in flight at SIGTERM, then closes the stores and exits 0 (F16)', async () => {
    const { child, port, exited, output } = await start()
    const agent = new Agent({ keepAlive: true, maxSockets: 500 })
    const answers = Promise.all(Array.from({ length: 500 }, () => ask(port, '/slow/1500', agent)))
    await sleep(900)
    child.kill('SIGTERM')
    expect((await answers).filter(({ status }) => status === 200)).toHaveLength(500)
    expect((await answers).every(({ connection }) => connection === 'close')).toBe(true)
    expect(await exited).toBe(0)
    expect(output()).toContain('closed the stores')
    agent.destroy()
  })

  it('answers a request sent on a kept-alive connection just then, and hangs up (F16)', async () => {
    const { child, port, exited } = await start()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    expect((await ask(port, '/slow/0', agent)).connection).toBe('keep-alive')
    child.kill('SIGTERM')
    await sleep(100)
    expect(await ask(port, '/slow/0', agent)).toMatchObject({
      status: 200,
      body: '{"draining":true}',
      connection: 'close',
    })
    expect(await exited).toBe(0)
    agent.destroy()
  })

  it('finishes an answer whose headers are already out, and does not wait for idle clients', async () => {
    const { child, port, exited } = await start()
    const agent = new Agent({ keepAlive: true })
    const unused = connect(port, '127.0.0.1').on('error', () => undefined)
    await ask(port, '/slow/0', agent)
    const streamed = ask(port, '/streamed/600', agent)
    await sleep(100)
    const signalled = performance.now()
    child.kill('SIGINT')
    expect((await streamed).body).toBe('begun ended')
    expect(await exited).toBe(0)
    expect(performance.now() - signalled).toBeLessThan(4_000)
    unused.destroy()
    agent.destroy()
  })

  it('refuses new connections once it has stopped', async () => {
    const { child, port } = await start()
    const slow = ask(port, '/slow/1000')
    await sleep(100)
    child.kill('SIGTERM')
    await sleep(500)
    await expect(ask(port, '/slow/0')).rejects.toThrow('ECONNREFUSED')
    expect((await slow).status).toBe(200)
  })

  it('exits 1 when drainMs is over', async () => {
    const { child, port, exited, output } = await start({ drainMs: 400 })
    const cut = ask(port, '/slow/60000').catch((error: Error) => error.message)
    await sleep(100)
    child.kill('SIGTERM')
    expect(await exited).toBe(1)
    expect(await cut).toMatch('hang up')
    expect(output()).toContain('ended before everything was answered')
  })

  it('exits at once on a second signal', async () => {
    const { child, port, exited } = await start()
    const cut = ask(port, '/slow/60000').catch((error: Error) => error.message)
    await sleep(100)
    child.kill('SIGTERM')
    await sleep(100)
    child.kill('SIGTERM')
    expect(await exited).toBe(1)
    expect(await cut).toMatch('hang up')
  })

  it('logs an uncaught error, answers requests in flight and exits 1 (R62)', async () => {
    const { port, exited, output } = await start()
    const slow = ask(port, '/slow/500')
    await ask(port, '/crash')
    expect((await slow).status).toBe(200)
    expect(await exited).toBe(1)
    expect(output()).toContain('nobody caught this')
    expect(output()).toContain('closed the stores')
  })

  it('says that a port is taken', async () => {
    const first = await start()
    const second = await start({ port: first.port })
    expect(await second.exited).toBe(1)
    expect(second.output()).toContain(`Port ${first.port} is taken`)
    first.child.kill('SIGTERM')
    expect(await first.exited).toBe(0)
  })
})

describe('a connection', () => {
  const request = 'GET /slow/1 HTTP/1.1\r\nHost: x\r\n\r\n'

  /** The answer over one connection, and the milliseconds until it is closed. */
  function talk(port: number, say: (write: (text: string) => void) => void | Promise<void>) {
    const socket = connect(port, '127.0.0.1')
    const began = performance.now()
    let answer = ''
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text))
    socket.on('error', () => undefined)
    void say((text) => void (socket.writable && socket.write(text)))
    return once(socket, 'close').then(() => ({ answer, ms: performance.now() - began }))
  }

  it('stays open while idle, longer than a request may take to arrive', async () => {
    const { port } = await start({ keepAliveSeconds: 2, receiveMs: 500 })
    const { answer, ms } = await talk(port, async (write) => {
      write(request)
      await sleep(1_500)
      write(request)
    })
    expect(answer.match(/HTTP\/1.1 200/g)).toHaveLength(2)
    expect(answer).toContain('Keep-Alive: timeout=2')
    expect(ms).toBeGreaterThan(3_000)
  })

  it.each([
    ['headers', 'GET /slow/1 HTTP/1.1\r\nX-Slow: '],
    [
      'body',
      'POST /body HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 999\r\n\r\n',
    ],
  ])('is closed with 408 if the %s arrives a byte at a time', async (_part, beginning) => {
    const { port } = await start({ receiveMs: 500 })
    const dripping = new AbortController()
    const { answer, ms } = await talk(port, async (write) => {
      write(beginning)
      while (!dripping.signal.aborted) {
        await sleep(100)
        write('x')
      }
    }).finally(() => dripping.abort())
    expect(answer).toContain('HTTP/1.1 408')
    expect(ms).toBeLessThan(3_000)
  })
})
