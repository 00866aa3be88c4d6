import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Copy } from './catch-mails.ts'
import type { History } from './history.ts'

/** What the workers' log says about one e-mail. */
type Logged = { recorded: number; unheard: number }

// How long SMTP may take on a busy machine to read what a dead worker had sent.
const readMs = 10_000

/** What the workers logged, by the id of the e-mail. */
export function readWorkersLog({ folder }: History): (id: string) => Logged {
  const lines = readFileSync(join(folder, 'mail-worker.log'), 'utf8').split('\n')
  return (id) => {
    const own = lines.filter((line) => line.includes(id))
    const count = (words: string) => own.filter((line) => line.includes(words)).length
    return {
      recorded: count('): sent {') - count('): sent, but not recorded'),
      // SMTP accepted it, and its 250 did not arrive in time.
      unheard: count('took too long'),
    }
  }
}

/** The surplus copies that only a worker's death explains. */
export function copiesByDeath(copies: readonly Copy[], logged: (id: string) => Logged): number {
  const [first] = copies
  return first ? Math.max(0, copies.length - 1 - logged(idOf(first)).unheard) : 0
}

function idOf({ messageId }: Copy): string {
  return messageId.replace(/^<|@.*$/g, '')
}

/**
 * Explains the surplus copies of an e-mail. One that was recorded as sent is never sent again. One that was
 * not recorded arrives twice if its worker died or did not get SMTP's 250.
 */
export function unexplained(
  copies: readonly Copy[],
  { deaths, logged }: { deaths: readonly number[]; logged: (id: string) => Logged },
): string[] {
  const [first] = copies
  if (!first || copies.length === 1) return []
  if (new Set(copies.map(({ messageId }) => messageId)).size > 1)
    return ['got two mails, not one twice']
  const { recorded, unheard } = logged(idOf(first))
  if (recorded > 1) return [`got a mail again that was recorded as sent, ${recorded} times`]
  const left = [...deaths]
  const unproved = copies.slice(1).filter(({ at: next }, index) => {
    const at = copies[index]?.at ?? next
    const death = left.findIndex((died) => died > at - readMs && died <= next)
    if (death >= 0) left.splice(death, 1)
    return death < 0
  })
  return unproved.length <= unheard ? [] : ['got a mail twice while no worker died']
}
