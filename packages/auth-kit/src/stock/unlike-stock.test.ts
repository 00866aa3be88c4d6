import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { answerScenarios } from './answer-scenarios.fixture.ts'
import { contentScenarios, cookieScenarios } from './content-scenarios.fixture.ts'
import { passportScenarios } from './passport-scenarios.fixture.ts'
import { sessionScenarios } from './session-scenarios.fixture.ts'
import { kinds, openStockAndKit, type Scenario } from './stock-and-kit.fixture.ts'
import { storeScenarios, wiringScenarios } from './wiring-scenarios.fixture.ts'

const groups = {
  Passport: passportScenarios,
  'a session': sessionScenarios,
  'the content of a session': contentScenarios,
  'the cookie of a request': cookieScenarios,
  'an answer': answerScenarios,
  wiring: wiringScenarios,
  'a store': storeScenarios,
}

let apps: Awaited<ReturnType<typeof openStockAndKit>>
beforeAll(async () => {
  apps = await openStockAndKit()
})
afterEach(() => apps.closeApps())
afterAll(() => apps.close())

/** The outcome of each kind: the stock app's, the kit's hot, cold and without its cache. */
async function outcomesOf({ run }: Scenario) {
  const outcomes: Record<string, unknown> = {}
  for (const kind of kinds) {
    // oxlint-disable-next-line no-await-in-loop
    outcomes[kind] = JSON.parse(JSON.stringify((await run(apps.starter(kind))) ?? null))
  }
  return outcomes
}

describe.each(Object.entries(groups))(
  '%s, behind a stock app and behind the kit',
  (_, scenarios) => {
    const alike = scenarios.filter(({ unlike }) => unlike === undefined)
    const unlike = scenarios.filter((scenario) => scenario.unlike !== undefined)

    it.each(alike)('is the same, hot, cold and without the cache: $title', async (scenario) => {
      const { stock, hot, cold, uncached } = await outcomesOf(scenario)
      expect({ hot, cold, uncached }).toEqual({ hot: stock, cold: stock, uncached: stock })
    })

    if (unlike.length > 0) {
      it.each(unlike)('differs as the README says: $title', async (scenario) => {
        const { stock, hot, cold, uncached } = await outcomesOf(scenario)
        expect({ cold, uncached }).toEqual({ cold: hot, uncached: hot })
        expect(hot).not.toEqual(stock)
      })
    }
  },
)

describe('the list of differences in the README', () => {
  it('has a row for each, and no other', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
    const [, section = ''] = readme.split('### Differences from a stock app\n')
    const [table = ''] = section.split('\n#')
    const rows = [...table.matchAll(/^\| (?<what>.+?) \|/gm)].map(({ groups }) => groups?.['what'])
    const named = Object.values(groups).flatMap((scenarios) =>
      scenarios.flatMap(({ unlike }) => unlike ?? []),
    )
    expect(new Set(rows.slice(2))).toEqual(new Set(named))
  })
})
