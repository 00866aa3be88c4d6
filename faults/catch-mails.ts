import {
  startSmtp,
  type Answer,
  type CaughtMail,
} from '../packages/mail-delivery/src/smtp/smtp-server.fixture.ts'
import type { History } from './history.ts'

/** How far an e-mail has come: its recipient was named, or its whole text has arrived. */
export type Step = 'recipient' | 'text'

/** An accepted e-mail. */
export type Copy = { messageId: string; link: string; at: number }

type Order = (step: Step, to: string, attempt: number) => Answer

const accept: Order = () => 'accept'

/**
 * A scripted SMTP server: it treats each e-mail as scripted, keeps those that it accepts, and records
 * everything.
 */
export async function catchMails(history: History) {
  let order = accept
  const seen = new Set<string>()
  const acceptedAt = new Map<string, number[]>()

  const copies = new Map<string, Copy[]>()
  let read = 0
  function file(caught: CaughtMail | undefined): void {
    for (const to of caught?.to ?? []) {
      const earlier = copies.get(to) ?? []
      const messageId = caught?.mail.messageId ?? ''
      const link = /\S+\/invite\?confirmation=\S+/.exec(caught?.mail.text ?? '')?.[0] ?? ''
      const at = acceptedAt.get(to)?.[earlier.length] ?? 0
      copies.set(to, [...earlier, { messageId, link, at }])
    }
  }

  const smtp = await startSmtp((to, attempt) => {
    // Called twice for each attempt: when the recipient is named, and with the text.
    const conversation = `${to} ${attempt}`
    const step: Step = seen.has(conversation) ? 'text' : 'recipient'
    seen.add(conversation)
    const answer = order(step, to, attempt)
    if (step === 'text' && answer === 'accept')
      acceptedAt.set(to, [...(acceptedAt.get(to) ?? []), performance.now()])
    if (step === 'text' || answer !== 'accept')
      history.record({ what: 'smtp', step, to, attempt, answer })
    return answer
  })

  return {
    url: smtp.url,
    follow: (next: Order) => void (order = next),
    behave: () => void (order = accept),
    attempts: (to: string) => smtp.attempts.get(to) ?? 0,
    /** Every accepted copy for an address, oldest first. */
    copies(to: string): readonly Copy[] {
      for (; read < smtp.caught.length; read += 1) file(smtp.caught[read])
      return copies.get(to) ?? []
    },
    close: smtp.close,
  }
}
