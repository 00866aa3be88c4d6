import type { Row } from '../harness/bench.ts'
import { bearer } from './bearer.row.ts'
import { cold } from './cold.row.ts'
import { growth } from './growth.row.ts'
import { guard } from './guard.row.ts'
import { memory } from './memory.row.ts'
import { refresh } from './refresh.row.ts'
import { signIn } from './sign-in.row.ts'
import { signOutRace } from './sign-out-race.row.ts'
import { signOut } from './sign-out.row.ts'
import { writeMix } from './write-mix.row.ts'

/** Every row, by its name on the command line, in the order of the results. */
export const rows: Record<string, Row> = {
  guard,
  'write-mix': writeMix,
  cold,
  'sign-out': signOut,
  'sign-out-race': signOutRace,
  bearer,
  refresh,
  'sign-in': signIn,
  memory,
  growth,
}
