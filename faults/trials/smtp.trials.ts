import { setTimeout as sleep } from 'node:timers/promises'
import { queues } from '../../packages/mail-contract/src/mail-contract.ts'
import { connectQueues, listDead } from '../../packages/mail-delivery/src/queues.ts'
import type { Answer } from '../../packages/mail-delivery/src/smtp/smtp-server.fixture.ts'
import { ask } from '../ask.ts'
import { invitePeople, signUpAll } from '../sign-up.ts'
import type { System } from '../start-system.ts'
import type { Trial } from '../trial.ts'
import { waitUntil } from '../wait-until.ts'

/** SMTP fails the first tries of every e-mail, or of every second one. */
export function smtpFails(
  { moment, answer, every }: { moment: string; answer: Answer; every: 1 | 2 },
  signUps: number,
): Trial {
  return {
    ids: 'F15',
    fault: 'SMTP fails for a while',
    moment,
    planned: Math.floor(signUps / every),
    maySee: [],
    async run({ system, signUp, observed, problem }) {
      const { smtp } = system
      const unlucky = new Set<string>()
      let met = 0
      smtp.follow((step, to, attempt) => {
        if (attempt > 1 || !isDue(step, answer)) return 'accept'
        met += 1
        if (met % every !== 0) return 'accept'
        unlucky.add(to)
        observed(`${to}: ${moment}`)
        return answer
      })
      const { people, done } = await signUp(signUps)
      await done
      const lucky = () => people.filter(({ email }) => !unlucky.has(email))
      const arrived = await waitUntil(
        () => met >= signUps && lucky().every(({ email }) => smtp.copies(email).length > 0),
        15_000,
      )
      if (!arrived) problem('other e-mails were held up')
      smtp.behave()
    },
  }
}

function isDue(step: string, answer: Answer): boolean {
  const isEarly = typeof answer === 'object' && answer.at === 'RCPT'
  return step === (isEarly ? 'recipient' : 'text')
}

/** SMTP refuses for good: the e-mail is parked with the reason and never tried again. */
export function smtpRefusesForGood(count: number): Trial {
  return {
    ids: 'F15',
    fault: 'SMTP refuses for good',
    moment: '550 to the recipient',
    planned: count,
    maySee: [],
    async run({ system, history, observed, problem }) {
      const { smtp } = system
      const people = await invitePeople(system, { count })
      const reason = 'no such mailbox here'
      const addresses = new Set(people.map(({ email }) => email))
      // E-mails of earlier trials may still be in transit.
      smtp.follow((_step, to) =>
        addresses.has(to) ? { refuse: 550, at: 'RCPT', text: reason } : 'accept',
      )
      await signUpAll(system, people, { history })
      const parked = async () =>
        (await readDead(system)).filter(({ to }) => addresses.has(to ?? ''))
      await waitUntil(async () => (await parked()).length >= count, 15_000)
      smtp.behave()
      for (const { to, reason: why } of await parked()) {
        if (why.includes(reason)) observed(`${to} is parked`)
        else problem(`${to} is parked because of ${why}`)
      }
      await sleep(1_000)
      for (const { email, username } of people) {
        if (smtp.attempts(email) !== 1)
          problem(`${username} was tried ${smtp.attempts(email)} times`)
        const { status } = await ask(`${system.auth.origin}/resend_confirmation`, {
          body: { email },
        })
        if (status !== 202) problem(`${username} cannot ask for another e-mail: ${status}`)
      }
    },
  }
}

async function readDead({ amqpUrl, secrets, retryMs }: System) {
  const names = queues('', retryMs)
  const connection = connectQueues({ url: amqpUrl, names, onError: () => undefined })
  try {
    return (await listDead(connection, { secrets })).mails
  } finally {
    await connection.close()
  }
}
