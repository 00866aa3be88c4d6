import { openTokenHolders, type TokenHolders } from '../token-holders.ts'
import type { Trial } from '../trial.ts'

/** One refresh token is sent many times at once, then its successor, and so on: no fork. */
export function raceToRefresh({ rounds, ways }: { rounds: number; ways: number }): Trial {
  return {
    ids: 'N5',
    fault: `${ways} refreshes with one token`,
    moment: 'all at once',
    planned: rounds,
    maySee: [],
    async run({ system, observed, problem, history }) {
      const holders = await openTokenHolders(system)
      let token = await holders.begin()
      const all = new Set<string>()
      for (let round = 0; round < rounds; round += 1) {
        const shown = await Promise.all(
          Array.from({ length: ways }, () => askUntilSure(holders, token)),
        )
        for (const { status } of shown)
          if (status !== 200) problem(`round ${round}: answered ${status}`)
        const successors = new Set(shown.map((each) => each.token))
        if (successors.size !== 1) problem(`round ${round}: ${successors.size} successors`)
        token = [...successors][0] ?? ''
        all.add(token)
        observed('raced')
      }
      history.record({ what: 'successors', count: all.size })
      if (all.size !== rounds) problem(`${all.size} successors after ${rounds} races`)
    },
  }
}

// On a busy machine MongoDB may be slow for some: they try again, as a client does.
async function askUntilSure(holders: TokenHolders, token: string) {
  let shown = await holders.refresh(token)
  for (let again = 0; again < 5 && shown.status === 503; again += 1)
    shown = await holders.refresh(token)
  return shown
}

/** Two tabs send the same token, and answers are lost in transit: nobody is signed out by it. */
export function tabsAndLostAnswers(refreshes: number): Trial {
  return {
    ids: 'N6',
    fault: 'two tabs, answers lost',
    moment: 'any',
    planned: refreshes,
    maySee: [],
    async run({ system, random, observed, problem }) {
      const holders = await openTokenHolders(system)
      let cookie = await holders.begin()
      for (let asked = 0; asked < refreshes;) {
        const tabs = 1 + random.below(3)
        const shown = await Promise.all(Array.from({ length: tabs }, () => holders.refresh(cookie)))
        for (const { status } of shown) if (status !== 200) problem(`a tab got ${status}`)
        const kept = shown.filter(() => random.below(3) > 0)
        cookie = kept.at(-1)?.token ?? cookie
        asked += tabs
        for (let each = 0; each < tabs; each += 1) observed('shown')
      }
    },
  }
}

/** A token is copied and sent after its successor was used: it is caught every time. */
export function tokensAreStolen(thefts: number): Trial {
  return {
    ids: 'N6',
    fault: 'refresh token stolen',
    moment: 'sent when it is old',
    planned: thefts,
    maySee: [],
    async run({ system, random, observed, problem }) {
      const holders = await openTokenHolders(system)
      for (let theft = 0; theft < thefts; theft += 1) {
        const stolen = await holders.begin()
        let mine = await holders.refresh(stolen)
        for (let more = random.below(2); more >= 0; more -= 1)
          mine = await holders.refresh(mine.token)
        if ((await holders.refresh(stolen)).status !== 400) problem('a stolen token was accepted')
        if ((await holders.refresh(mine.token)).status !== 400) problem('a family outlived a theft')
        if (await holders.isActive(mine.accessToken)) problem('an access token outlived a theft')
        observed('shown')
      }
    },
  }
}

/** While MongoDB does not answer, no revocation is confirmed that was not done. */
export function revokeWhileMongoIsStopped(tokens: number): Trial {
  return {
    ids: 'N7 C11',
    fault: 'MongoDB stopped (SIGSTOP)',
    moment: 'before a revocation',
    planned: 1,
    maySee: [],
    async run({ system, observed, problem, history }) {
      const holders = await openTokenHolders(system)
      const held: string[] = []
      for (let made = 0; made < tokens; made += 1) held.push(await holders.begin())
      system.mongo.pause()
      observed('stopped')
      const statuses = await Promise.all(held.map((token) => holders.revoke(token)))
      system.mongo.resume()
      history.record({ what: 'revocations', statuses })
      if (statuses.includes(200)) problem('a revocation got a 200 while MongoDB did not answer')
    },
  }
}
