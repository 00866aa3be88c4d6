import { z } from 'zod'

const optionalText = z.string().nullable()

/** What a server tells at `/doctor`. */
export const descriptionSchema = z.object({
  cookie: z.object({ name: z.string(), domain: optionalText }),
  host: optionalText,
  prefix: z.string(),
  idleDays: z.number(),
  absoluteDays: z.number(),
  secrets: z.array(z.string()),
  redis: z
    .object({
      id: optionalText,
      appendOnly: optionalText,
      appendFsync: optionalText,
      maxmemoryPolicy: optionalText,
    })
    .nullable(),
  cache: z.enum(['on', 'off', 'waiting', 'refused']).optional(),
  now: z.number(),
  trustProxy: z.union([z.boolean(), z.number(), z.array(z.string())]).optional(),
})

/** A server to be compared. */
export type DescribedServer = {
  /** Its address, or the file with its settings. */
  name: string
  description: z.output<typeof descriptionSchema>
  /**
   * How far its clock is ahead of ours, ms, at least and at most; absent for a file, which has none.
   */
  clock?: { atLeast: number; atMost: number }
}
