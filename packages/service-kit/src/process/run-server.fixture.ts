import express from 'express'
import { createLogger } from './create-logger.ts'
import { isDraining } from './draining.ts'
import { runServer } from './run-server.ts'

// A server process for the tests of runServer: slow answers, and ways to fail.
const app = express()
app.get('/slow/:ms', (req, res) => {
  setTimeout(() => res.json({ draining: isDraining() }), Number(req.params.ms))
})
app.get('/streamed/:ms', (req, res) => {
  res.write('begun ')
  setTimeout(() => res.end('ended'), Number(req.params.ms))
})
app.post('/body', express.text(), (req, res) => void res.send(req.body))
app.get('/crash', (_req, res) => {
  res.json({})
  setTimeout(() => {
    throw new Error('nobody caught this')
  }, 10)
})

const [port = '0', drainMs = '10000', keepAliveSeconds = '65', receiveMs = '20000'] =
  process.argv.slice(2)
const logger = createLogger({ name: 'fixture', level: 'info', pretty: false })
await runServer({
  app,
  port: Number(port),
  drainMs: Number(drainMs),
  keepAliveSeconds: Number(keepAliveSeconds),
  receiveMs: Number(receiveMs),
  logger,
  close: async () => void process.stdout.write('closed the stores\n'),
})
