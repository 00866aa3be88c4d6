import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Copy } from './catch-mails.ts'
import type { History } from './history.ts'

/** What the workers' log tells of one mail. */
type Told = { recorded: number; unheard: number }

// How long SMTP may take to read what a dead worker had sent, on a busy machine.
const readMs = 10_000

/** What the workers wrote down, by the id of the mail. */
export function readWorkersLog({ folder }: History): (id: string) => Told {
  const lines = readFileSync(join(folder, 'mail-worker.log'), 'utf8').split('\n')
  return (id) => {
    const own = lines.filter((line) => line.includes(id))
    const count = (words: string) => own.filter((line) => line.includes(words)).length
    return {
      recorded: count('): sent {') - count('): sent, but not recorded'),
      // SMTP had accepted it, and its 250 did not come in time.
      unheard: count('took too long'),
    }
  }
}

/** Surplus copies that only a worker's death explains. */
export function copiesByDeath(copies: readonly Copy[], told: (id: string) => Told): number {
  const [first] = copies
  return first ? Math.max(0, copies.length - 1 - told(idOf(first)).unheard) : 0
}

function idOf({ messageId }: Copy): string {
  return messageId.replace(/^<|@.*$/g, '')
}

/**
 * Explains the copies of a mail that should not have come. A mail that was recorded as sent is
 * never sent again. One that was not recorded comes twice where its worker died, or did not hear
 * SMTP's 250.
 */
export function unexplained(
  copies: readonly Copy[],
  { deaths, told }: { deaths: readonly number[]; told: (id: string) => Told },
): string[] {
  const [first] = copies
  if (!first || copies.length === 1) return []
  if (new Set(copies.map(({ messageId }) => messageId)).size > 1)
    return ['got two mails, not one twice']
  const { recorded, unheard } = told(idOf(first))
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
