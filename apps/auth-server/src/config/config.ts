import { randomBytes } from 'node:crypto'
import { checkServerSettings, isProduction, readSettings, serverConfig } from 'service-kit'
import { settingsSchema } from './settings-schema.ts'

export type Config = ReturnType<typeof readConfig>

/**
 * Reads the settings of this process from the environment, typed and checked against each other. Nothing
 * else in this server reads the environment.
 *
 * @throws SettingsError that lists every problem
 */
export function readConfig(env: Record<string, string | undefined>) {
  const settings = readSettings(checkedSchema(env), env)
  const publicUrl = publicUrlOf(settings.PUBLIC_URL, settings.PORT, settings.BASE_PATH)
  const server = serverConfig(settings, publicUrl)
  return {
    ...server,
    warnings: [
      ...server.warnings,
      ...(settings.USER_DIRECTORY_URL
        ? serviceWarnings(settings.USER_DIRECTORY_URL)
        : mailWarnings(settings.MAIL_SECRETS)),
      ...keyWarnings(settings.KEY_ENCRYPTION_KEY),
    ],
    /** Begins and ends with a slash. */
    basePath: settings.BASE_PATH,
    /** The URL of this server for people, including the base path. */
    publicUrl,
    /** The issuer of tokens (RFC 9068 `iss`): the public URL without its final slash. */
    issuer: publicUrl.href.replace(/\/$/, ''),
    siteName: settings.SITE_NAME,
    brand: { color: settings.BRAND_COLOR, logo: settings.LOGO_FILE },
    mongoUrl: settings.MONGO_URL ?? 'mongodb://127.0.0.1:27017/auth',
    contactUrl: settings.CONTACT_URL ?? `mailto:help@${mailHost(publicUrl)}`,
    corsOrigins: settings.CORS_ORIGINS,
    returnToOrigins: settings.RETURN_TO_ORIGINS,
    /** Networks this server may post to in addition to public addresses. */
    outboundAllow: settings.OUTBOUND_ALLOW,
    /** Fields of a visitor's session that survive a sign-in. */
    keepOnSignIn: settings.KEEP_ON_SIGN_IN,
    /** What browsers clear on sign-out. */
    clearSiteData: settings.CLEAR_SITE_DATA,
    /** Who must sign in with a second factor. */
    requireSecondFactor: settings.REQUIRE_SECOND_FACTOR,
    /** What happens to sessions after Redis was restored from a backup or lost sign-outs. */
    onRestore: settings.ON_RESTORE,
    /** The name of this site in authenticators. */
    rpName: settings.RP_NAME ?? settings.SITE_NAME,
    /** Steps of 30 s by which the clock of an authenticator app may differ, either way. */
    totpDrift: settings.TOTP_DRIFT,
    bcryptCost: settings.BCRYPT_COST,
    passwordMinLength: settings.PASSWORD_MIN_LENGTH,
    /** Attempts in 15 minutes. */
    limitSignInPerAddress: settings.LIMIT_SIGN_IN_PER_ADDRESS,
    /** Failures in 15 minutes. */
    limitSignInPerAccount: settings.LIMIT_SIGN_IN_PER_ACCOUNT,
    /** Failures in 15 minutes, over all accounts, after which an address is blocked. */
    suspendAfterFailures: settings.SUSPEND_AFTER_FAILURES,
    /** How long an address is blocked the first time; it doubles each time, up to a day. */
    suspendMinutes: settings.SUSPEND_MINUTES,
    /** New sessions of visitors in 15 minutes. */
    limitVisitorsPerAddress: settings.LIMIT_VISITORS_PER_ADDRESS,
    /** Who may sign up without an invite. */
    signUp: settings.SIGN_UP,
    /** E-mails in an hour for sign-ups without an invite. */
    signUpMailsPerHour: settings.SIGN_UP_MAILS_PER_HOUR,
    /** Sign-ups without an invite and refused ones with an invite, in 15 minutes. */
    limitSignUpPerAddress: settings.LIMIT_SIGN_UP_PER_ADDRESS,
    /** Requests for an e-mail in 15 minutes. */
    limitMailPerAddress: settings.LIMIT_MAIL_PER_ADDRESS,
    /** How many days the audit log is kept. */
    auditDays: settings.AUDIT_DAYS,
    /** The first one signs links and seals e-mails; all verify and open them. */
    mailSecrets: settings.MAIL_SECRETS ?? [randomBytes(48).toString('base64url')],
    /**
     * The first one encrypts clients' signing keys and the secrets of one-time codes, and signs refresh
     * tokens; all decrypt and verify.
     */
    keyEncryptionKeys: settings.KEY_ENCRYPTION_KEY ?? [randomBytes(48).toString('base64url')],
    accessTokenSeconds: settings.ACCESS_TOKEN_SECONDS,
    /** Days from a sign-in to the end of all its refresh tokens. */
    refreshDays: settings.REFRESH_DAYS,
    /** Seconds after a rotation in which the previous refresh token still gives the same successor. */
    refreshLeeway: settings.REFRESH_LEEWAY,
    /** Without it, this server sends its e-mails itself. */
    amqpUrl: settings.AMQP_URL,
    mailQueuePrefix: settings.MAIL_QUEUE_PREFIX,
    smtpUrl: settings.SMTP_URL ?? 'smtp://127.0.0.1:1025',
    mailFrom: settings.MAIL_FROM ?? defaultSender(settings.SITE_NAME, publicUrl),
    /** The user service that replaces this server's own users; its URL ends with a slash. */
    userService: settings.USER_DIRECTORY_URL && {
      url: new URL(settings.USER_DIRECTORY_URL.href.replace(/\/*$/, '/')),
      token: settings.USER_DIRECTORY_TOKEN,
    },
  }
}

/** The lists of secrets that may change while the process runs, by setting. */
export function secretLists(config: Config) {
  return {
    SESSION_SECRETS: config.sessionSecrets,
    MAIL_SECRETS: config.mailSecrets,
    KEY_ENCRYPTION_KEY: config.keyEncryptionKeys,
  }
}

function mailWarnings(secrets: string[] | undefined): string[] {
  return secrets === undefined
    ? [
        'MAIL_SECRETS is not set: links in e-mails stop working when this process ends, and no worker can open the e-mails.',
      ]
    : []
}

function keyWarnings(secrets: string[] | undefined): string[] {
  return secrets === undefined
    ? [
        'KEY_ENCRYPTION_KEY is not set: client sites, refresh tokens and one-time codes stop working when this process ends.',
      ]
    : []
}

function serviceWarnings({ protocol, hostname }: URL): string[] {
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return protocol === 'http:' && !local
    ? ['USER_DIRECTORY_URL is plain http: passwords can be read on their way to the user service.']
    : []
}

function checkedSchema(env: Record<string, string | undefined>) {
  const production = isProduction(env)
  const ownUsers = !env.USER_DIRECTORY_URL && !env.USER_DIRECTORY_URL_FILE
  return settingsSchema({ production, ownUsers }).superRefine((settings, context) => {
    const report = (setting: string, message: string) =>
      context.addIssue({ code: 'custom', path: [setting], message })
    const { BASE_PATH, PUBLIC_URL } = settings
    // An invalid URL is still a string here; its problem is already reported.
    const path = PUBLIC_URL instanceof URL ? PUBLIC_URL.pathname.replace(/\/*$/, '/') : '/'
    if (!['/', BASE_PATH].includes(path))
      report('PUBLIC_URL', `Its path must be that of BASE_PATH, ${BASE_PATH}, or be absent.`)
    if (!ownUsers && settings.SIGN_UP.by !== 'invite')
      report('SIGN_UP', 'With USER_DIRECTORY_URL, people sign up at the user service.')
    if (production && ownUsers && !settings.AMQP_URL && !settings.SMTP_URL)
      report('SMTP_URL', 'This is required if AMQP_URL is not set.')
    checkServerSettings(settings, report)
  })
}

function publicUrlOf(given: URL | undefined, port: number, path: string): URL {
  return new URL(path, given ?? `http://localhost:${port}`)
}

// What MAIL_FROM must not contain either.
function defaultSender(siteName: string, publicUrl: URL): string {
  return `${siteName.replaceAll(/[<>"]/g, '')} <no-reply@${mailHost(publicUrl)}>`
}

/** Mail servers do not accept an IPv6 address in brackets after the @. */
function mailHost({ hostname }: URL): string {
  return hostname.startsWith('[') ? 'localhost' : hostname
}
