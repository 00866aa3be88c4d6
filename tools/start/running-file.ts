import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Account, ProductClient } from './create-accounts.ts'
import { writePrivately } from './write-privately.ts'

type Running = {
  authServer: string
  productServer: string
  /** Where to read the mails; absent where SMTP_URL sends them elsewhere. */
  mailbox: string | undefined
  services: { mongo: string; redis: string; amqp: string; smtp: string }
  accounts: Account[]
  productClient: ProductClient
}

/** `running.json`, which tells scripts what runs: there while everything answers. */
export function runningFile(dataDir: string) {
  const file = join(dataDir, 'running.json')
  return {
    write: ({ authServer, productServer, mailbox, services, ...made }: Running) => {
      const { accounts, productClient } = made
      const running = { authServer, productServer, mailbox, services, accounts, productClient }
      return writePrivately(file, running)
    },
    remove: () => rm(file, { force: true }),
  }
}
