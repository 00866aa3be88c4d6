import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { securityHeaders } from 'service-kit'

const publicFiles = fileURLToPath(new URL('../../apps/auth-server/public', import.meta.url))

/** Serves pages by name, with auth-server's own stylesheet, scripts and headers. */
export async function serveGallery(pages: Record<string, string>) {
  const app = express()
  app.get('/mail-:kind', (req, res) => res.type('html').send(pages[`mail-${req.params.kind}`]))
  app.use(securityHeaders({ https: false }), express.static(publicFiles))
  app.get('/:name', (req, res) => res.type('html').send(pages[req.params.name]))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise((done) => server.close(done)),
  }
}
