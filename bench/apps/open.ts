import { createServer, type Server } from 'node:http'
import express from 'express'
import { USER } from './app-under-test.ts'

/** The route without a guard: the least that a guard can cost. */
export async function bareExpress(): Promise<Server> {
  const app = express()
  app.get('/me', (_req, res) => void res.json({ user: USER }))
  return createServer(app)
}

/** Node's own server without a framework: the floor of this machine. */
export async function rawHttp(): Promise<Server> {
  return createServer((_req, res) => {
    res.setHeader('Content-Type', 'application/json; charset=utf-8')
    res.end(JSON.stringify({ user: USER }))
  })
}
