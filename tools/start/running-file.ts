import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writePrivateFile } from 'service-kit'
import { settingsSchema } from '../../apps/auth-server/src/config/settings-schema.ts'
import type { Account, ProductClient } from './create-accounts.ts'

type Running = {
  authServer: string
  productServer: string
  /** The page with caught e-mails; absent if SMTP_URL sends them elsewhere. */
  mailbox: string | undefined
  services: { mongo: string; redis: string; amqp: string; smtp: string }
  accounts: Account[]
  productClient: ProductClient
  /** The auth server's environment. */
  env: Record<string, string | undefined>
}

const settings = Object.keys(settingsSchema({ production: false, ownUsers: true }).shape)

/**
 * `running.json` tells scripts what is running, and `auth-server.json` holds the settings for the command
 * line. Both exist while everything answers.
 */
export function runningFile(dataDir: string) {
  const file = join(dataDir, 'running.json')
  const settingsFile = join(dataDir, 'auth-server.json')
  return {
    async write({ env, authServer, productServer, mailbox, services, ...made }: Running) {
      const { accounts, productClient } = made
      const running = { authServer, productServer, mailbox, services, accounts, productClient }
      await writePrivateFile(settingsFile, settingsIn(env))
      await writePrivateFile(file, running)
    },
    remove: () => Promise.all([file, settingsFile].map((path) => rm(path, { force: true }))),
  }
}

function settingsIn(env: Running['env']) {
  const names = settings.flatMap((name) => [name, `${name}_FILE`])
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}
