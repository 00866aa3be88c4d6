import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Account } from './create-accounts.ts'
import { writePrivately } from './write-privately.ts'

type Running = {
  authServer: string
  productServer: string
  services: { mongo: string; redis: string }
  accounts: Account[]
}

/** `running.json`, which tells scripts what runs: there while everything answers. */
export function runningFile(dataDir: string) {
  const file = join(dataDir, 'running.json')
  return {
    write: ({ authServer, productServer, services, accounts }: Running) =>
      writePrivately(file, { authServer, productServer, services, accounts }),
    remove: () => rm(file, { force: true }),
  }
}
