import { z } from 'zod'

const optionalText = z.string().nullable()

/** What a server answers at `/doctor`. */
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

/** A server to compare. */
export type DescribedServer = {
  /** Its address, or the file with its settings. */
  name: string
  description: z.output<typeof descriptionSchema>
  /** How far its clock is ahead of the local one, in ms, at least and at most; absent for a file. */
  clock?: { atLeast: number; atMost: number }
}
