import type { Model } from 'mongoose'

/** A clock may be set at any time, so the database's is read again after this time. */
const KNOWN_FOR_MS = 30_000
/** How far network delay and the database's rounding may shift a time. */
const TOLERANCE_MS = 250

/** `origin`: the database's time at `performance.now()` 0. `at`: when it was measured. */
type Measured = { origin: number; at: number }

const measured = new WeakMap<object, Measured>()

/** Reads the database's clock, which all servers share. */
export async function databaseTime<Record>(model: Model<Record>): Promise<Date> {
  const asked = performance.now()
  const answer = await model.db.db?.command({ hello: 1 })
  const time: unknown = answer?.localTime
  if (!(time instanceof Date)) throw new Error('MongoDB did not return its time.')
  const at = performance.now()
  // The database read its clock between `asked` and `at`. Counting from `at` never yields a time that is
  // too late, so no late rotation counts as timely. After a slow answer the error would be too large.
  if (at - asked < TOLERANCE_MS) measured.set(model, { origin: time.getTime() - at, at })
  return time
}

/** The database's time, estimated from its last answer. It is read at most twice a minute. */
export async function reckonDatabaseTime<Record>(model: Model<Record>): Promise<Date> {
  const known = measured.get(model)
  const now = performance.now()
  if (!known || now - known.at > KNOWN_FOR_MS) return await databaseTime(model)
  return new Date(known.origin + now)
}

/**
 * Compares a time that the database has just written with the estimated time of the request. If the
 * database's clock was set in between, forgets the measurement.
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
