import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { basePath, readSettings, webAddress, wholeNumber } from 'service-kit'
import { z } from 'zod'
import { findFreePort } from '../services/free-port.ts'
import { nameInstallation, readSecrets } from './read-secrets.ts'

const usualPort = 3000
const port = wholeNumber({ min: 1, max: 65_535 })
const schema = z.object({
  PORT: port.default(usualPort),
  PRODUCT_PORT: port.default(3001),
  MAILBOX_PORT: port.default(1080),
  BASE_PATH: basePath().default('/'),
  PUBLIC_URL: webAddress().optional(),
  SITE_NAME: z.string().default('Latchkey'),
  MONGO_URL: z.string().optional(),
  REDIS_URL: z.string().optional(),
  AMQP_URL: z.string().optional(),
  SMTP_URL: z.string().optional(),
  SESSION_SECRETS: z.string().optional(),
  MAIL_SECRETS: z.string().optional(),
  KEY_ENCRYPTION_KEY: z.string().optional(),
})

const root = fileURLToPath(new URL('../../', import.meta.url))

export type StartSettings = Awaited<ReturnType<typeof readStartSettings>>

/**
 * Reads the environment and the arguments (`--data <folder>`, by default `.data`), and chooses the rest.
 *
 * @throws SettingsError with every problem
 */
export async function readStartSettings({ args, env }: { args: string[]; env: NodeJS.ProcessEnv }) {
  const { data } = parseArgs({
    args,
    options: { data: { type: 'string', default: '.data' } },
  }).values
  const dataDir = resolve(root, data)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const { PORT, PRODUCT_PORT, MAILBOX_PORT, BASE_PATH, PUBLIC_URL, SITE_NAME, ...given } =
    readSettings(schema, env)
  const secrets = await readSecrets(dataDir)
  return {
    dataDir,
    /** The name of this installation in shared servers. */
    namespace: nameInstallation(secrets),
    /** Ports do not separate cookies: two systems on localhost need two names. */
    cookieName: PORT === usualPort ? undefined : `session-${PORT}`,
    siteName: SITE_NAME,
    authPort: PORT,
    productPort: PRODUCT_PORT,
    /** The port of the page with e-mails, unless it is taken. */
    mailboxPort: MAILBOX_PORT,
    /** The servers' addresses on this machine, without a trailing slash. */
    authServer: `http://localhost:${PORT}${BASE_PATH}`.replace(/\/$/, ''),
    productServer: `http://localhost:${PRODUCT_PORT}`,
    ...publicUrls({ PORT, PRODUCT_PORT, BASE_PATH, PUBLIC_URL }),
    sessionSecrets: given.SESSION_SECRETS ?? secrets.SESSION_SECRETS,
    mailSecrets: given.MAIL_SECRETS ?? secrets.MAIL_SECRETS,
    keyEncryptionKey: given.KEY_ENCRYPTION_KEY ?? secrets.KEY_ENCRYPTION_KEY,
    /** The address for the mail worker's health checks. */
    workerPort: await findFreePort(),
    mongoGiven: given.MONGO_URL !== undefined,
    /** The environment, with the services' addresses read from their files. */
    env: { ...env, ...given },
  }
}

type Addresses = Pick<z.output<typeof schema>, 'PORT' | 'PRODUCT_PORT' | 'BASE_PATH' | 'PUBLIC_URL'>

/** The servers' public addresses. An https address is that of a proxy in front of both. */
function publicUrls({ PORT, PRODUCT_PORT, BASE_PATH, PUBLIC_URL }: Addresses) {
  const authUrl = new URL(BASE_PATH, PUBLIC_URL ?? `http://localhost:${PORT}`)
  const productUrl = new URL('/', authUrl)
  if (authUrl.protocol === 'http:') productUrl.port = String(PRODUCT_PORT)
  return { authUrl: authUrl.href, productUrl: productUrl.href }
}
