import type { EndCounts } from 'auth-kit/session'
import type { EndCountRecords } from './end-count.model.ts'

/** Gives the process the counts that earlier processes saw. */
export async function loadEndCounts(counts: EndCounts, records: EndCountRecords): Promise<void> {
  const found = await records.find().lean()
  counts.learn(found.map(({ key, counterId, count }) => ({ key, id: counterId, count })))
}

/** Creates a function that copies the counts to MongoDB that have grown since it last did. */
export function endCountSaver(counts: EndCounts, records: EndCountRecords): () => Promise<void> {
  const saved = new Map<string, number>()
  return async () => {
    const due = counts
      .known()
      .map((known) => ({ name: `${known.key} ${known.id}`, known }))
      .filter(({ name, known }) => known.count > (saved.get(name) ?? -1))
    if (due.length === 0) return
    await records.bulkWrite(
      due.map(({ name, known: { key, id, count } }) => ({
        updateOne: {
          filter: { _id: { $eq: name } },
          update: { $max: { count }, $setOnInsert: { key, counterId: id } },
          upsert: true,
        },
      })),
      { ordered: false },
    )
    for (const { name, known } of due) saved.set(name, known.count)
  }
}
