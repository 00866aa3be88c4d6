import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Account } from './create-accounts.ts'
import type { StartSettings } from './read-start-settings.ts'
import { writePrivately } from './write-privately.ts'

type Running = {
  settings: Pick<StartSettings, 'dataDir' | 'authServer' | 'productServer'>
  services: { mongo: string; redis: string }
  accounts: Account[]
}

/** Tells scripts what runs, in `running.json`; returns what removes it. */
export async function keepRunningFile({ settings, services, accounts }: Running) {
  const { dataDir, authServer, productServer } = settings
  const file = join(dataDir, 'running.json')
  await writePrivately(file, { authServer, productServer, services, accounts })
  return () => rm(file, { force: true })
}
