import { createHmac } from 'node:crypto'
import { doing } from './doing.fixture.ts'
import { secret, type Scenario } from './stock-and-kit.fixture.ts'

export const contentScenarios: Scenario[] = [
  {
    title: 'values: a date, nothing, NaN, a map, nested ones',
    async run(start) {
      const values = { d: new Date(0), u: undefined, nan: Number.NaN, m: new Map([[1, 2]]) }
      const app = await start((app) => {
        app.get(
          '/set',
          doing((session) => Object.assign(session, values, { o: { a: [1, { b: 2 }] } })),
        )
        app.get('/read', (req, res) => {
          const { cookie, authKit, ...content } = req.session
          res.json(content)
        })
      })
      return [await app.get('/set'), await app.get('/read')]
    },
  },
  {
    title: 'values that JSON cannot hold',
    unlike: 'a value that JSON cannot hold',
    async run(start) {
      const circle: { self?: object } = {}
      circle.self = circle
      const app = await start((app) => {
        app.get(
          '/circle',
          doing((session) => Object.assign(session, { circle })),
        )
        app.get(
          '/big',
          doing((session) => Object.assign(session, { big: 1n })),
        )
      })
      return [(await app.get('/circle')).status, (await app.get('/big')).status]
    },
  },
  {
    title: 'a field deleted, a nested one changed, a list pushed to',
    async run(start) {
      const app = await start((app) => {
        app.get(
          '/set',
          doing((session) => Object.assign(session, { a: [1], o: { x: { y: 1 } }, z: 1 })),
        )
        app.get(
          '/change',
          doing((session) => {
            const { a, o } = Object(session)
            a.push(2)
            o.x.y = 2
            Reflect.deleteProperty(session, 'z')
          }),
        )
        app.get('/read', (req, res) => {
          const { a, o, z } = Object(req.session)
          res.json({ a, o, z })
        })
      })
      return [await app.get('/set'), await app.get('/change'), await app.get('/read')]
    },
  },
  {
    title: 'the fields that a handler sees',
    unlike: 'the field `authKit` of a session',
    async run(start) {
      const app = await start((app) =>
        app.get('/fields', (req, res) => res.json(Object.keys(req.session))),
      )
      return [await app.get('/put'), await app.get('/fields')]
    },
  },
]

/** How a request says which session is its own. */
export const cookieScenarios: Scenario[] = [
  {
    title: 'an id that the client made up and signed well',
    async run(start) {
      const app = await start()
      const id = 'x'.repeat(32)
      const hmac = createHmac('sha256', secret).update(id)
      const value = encodeURIComponent(`s:${id}.${hmac.digest('base64').replace(/=+$/, '')}`)
      const answer = await app.fetch('GET', '/put', { cookie: `session=${value}` })
      const [cookie = ''] = answer.headers.getSetCookie()
      return [answer.status, decodeURIComponent(cookie).includes(id)]
    },
  },
  {
    title: 'a request that changes nothing sends no cookie',
    async run(start) {
      const app = await start()
      return [await app.get('/put'), await app.get('/show')]
    },
  },
  {
    title: 'the same session cookie twice in one request',
    async run(start) {
      const app = await start()
      await app.get('/put')
      return app.get('/show', { cookie: `${app.cookie()}; ${app.cookie()}` })
    },
  },
  {
    title: 'the session cookie among others, in odd spellings',
    async run(start) {
      const app = await start()
      await app.get('/put')
      const own = app.cookie()
      const quoted = own.replace(/=(.*)/, '="$1"')
      const spellings = [`a=1; ${own}; b=2`, `${own};`, `;${own}`, `a;${own}`, quoted]
      const others = [own.replace('=', ' = '), own.replace('session', 'SESSION')]
      const outcomes = []
      for (const cookie of [...spellings, ...others]) {
        // oxlint-disable-next-line no-await-in-loop
        outcomes.push(await app.get('/show', { cookie }))
      }
      return outcomes
    },
  },
]
