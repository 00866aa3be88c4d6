import { invitePeople, outcomeOf, signUpAll } from '../sign-up.ts'
import type { Trial } from '../trial.ts'

/** Many people sign up with one invite at once: one gets in, the others learn that it is used. */
export function raceForInvite({
  invites,
  people: each,
}: {
  invites: number
  people: number
}): Trial {
  return {
    ids: 'N8',
    fault: `${each} sign-ups for one invite`,
    moment: 'all at once',
    planned: invites,
    maySee: [410],
    async run({ system, history, count, observed, problem }) {
      for (let invite = 0; invite < invites; invite += 1) {
        const people = await invitePeople(system, { count: each, shared: true })
        await signUpAll(system, people, { history, atOnce: each })
        // On a busy machine some get a 503 and try again until they know.
        const unsure = () => people.filter(({ status }) => outcomeOf(status) === 'unknown')
        for (let tries = 0; tries < 10 && unsure().length > 0; tries += 1)
          await signUpAll(system, unsure(), { history })
        const winners = people.filter(({ status }) => status === 202).length
        if (winners !== 1) problem(`${winners} people got in with one invite`)
        observed('raced')
        count(people)
      }
    },
  }
}
