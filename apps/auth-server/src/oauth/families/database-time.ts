import type { Model } from 'mongoose'

/** The time by the database's clock, which all servers share. */
export async function databaseTime<Record>(model: Model<Record>): Promise<Date> {
  const answer = await model.db.db?.command({ hello: 1 })
  const time: unknown = answer?.localTime
  if (!(time instanceof Date)) throw new Error('MongoDB does not tell its time.')
  return time
}
