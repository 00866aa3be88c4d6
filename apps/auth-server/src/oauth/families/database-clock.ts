import type { Model } from 'mongoose'

/** A clock may be set at any time; what is known of the database's is asked for anew by then. */
const KNOWN_FOR_MS = 30_000
/** What the answer's way and the database's rounding may make of a time. */
const TOLERANCE_MS = 250

/** When `performance.now()` was 0, by the database's clock. */
type Measured = { origin: number; at: number }

const measured = new WeakMap<object, Measured>()

/** The time by the database's clock, which all servers share. */
export async function databaseTime<Record>(model: Model<Record>): Promise<Date> {
  const asked = performance.now()
  const answer = await model.db.db?.command({ hello: 1 })
  const time: unknown = answer?.localTime
  if (!(time instanceof Date)) throw new Error('MongoDB does not tell its time.')
  const at = performance.now()
  // It was true at some moment between the two: reckoned from the later one no time is too late, so that
  // no late rotation passes for one in time. After a slow answer that would be too far off.
  if (at - asked < TOLERANCE_MS) measured.set(model, { origin: time.getTime() - at, at })
  return time
}

/** The same as reckoned from its last answer: it is asked twice a minute at most. */
export async function reckonDatabaseTime<Record>(model: Model<Record>): Promise<Date> {
  const known = measured.get(model)
  const now = performance.now()
  if (!known || now - known.at > KNOWN_FOR_MS) return await databaseTime(model)
  return new Date(known.origin + now)
}

/**
 * Compares a time that the database just wrote with the reckoned time at which it was asked to. If its
 * clock was set since, what is known of it is forgotten.
 */
export function checkReckoning<Record>(
  model: Model<Record>,
  { asked, written }: { asked: Date; written: Date | null },
): void {
  const known = measured.get(model)
  if (!known || !written) return
  const isTooEarly = written.getTime() < asked.getTime() - TOLERANCE_MS
  const isTooLate = written.getTime() > known.origin + performance.now() + TOLERANCE_MS
  if (isTooEarly || isTooLate) measured.delete(model)
}
