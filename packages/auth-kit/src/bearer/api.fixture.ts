import express, { type RequestHandler } from 'express'
import { serve } from '../../../../tools/testing/token-issuer.ts'

/** For tests: an API behind guards that answers with `req.auth`. */
export async function startApi(...guards: RequestHandler[]) {
  const app = express()
  app.all('/orders', ...guards, (req, res) => void res.json(req.auth))
  const server = await serve(app)
  const ask = async (headers: Record<string, string> = {}, path = '/orders') => {
    const answer = await fetch(`${server.url}${path}`, { headers })
    return {
      status: answer.status,
      challenge: answer.headers.get('WWW-Authenticate'),
      retryAfter: answer.headers.get('Retry-After'),
      type: answer.headers.get('Content-Type'),
      body: await answer.json(),
    }
  }
  return { ...server, ask, withToken: (token: string) => ask({ authorization: `Bearer ${token}` }) }
}
