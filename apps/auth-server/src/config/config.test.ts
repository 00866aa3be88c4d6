import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { SettingsError } from 'service-kit'
import { readConfig } from './config.ts'

const secret = 'kZ8w3vQx1nR7bT5yU2mP9sD4fG6hJ0aL'
const production = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://login.shop.test',
  MONGO_URL: 'mongodb://db/auth',
  REDIS_URL: 'rediss://:pw@cache:6380',
  SESSION_SECRETS: secret,
  MAIL_SECRETS: secret,
  KEY_ENCRYPTION_KEY: secret,
  AMQP_URL: 'amqps://queue',
}

function problemsOf(env: Record<string, string>): Record<string, string> {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof SettingsError)
      return Object.fromEntries(error.problems.map(({ setting, problem }) => [setting, problem]))
    throw error
  }
  return {}
}

function warningsOf(PUBLIC_URL: string): string[] {
  return readConfig({ ...production, PUBLIC_URL }).warnings
}

describe('readConfig', () => {
  it('requires nothing outside production', () => {
    expect(readConfig({ PORT: '3100' })).toMatchObject({
      production: false,
      port: 3100,
      basePath: '/',
      publicUrl: new URL('http://localhost:3100/'),
      siteName: 'Latchkey',
      trustProxy: false,
      mongoUrl: 'mongodb://127.0.0.1:27017/auth',
      redisUrl: 'redis://127.0.0.1:6379',
      contactUrl: 'mailto:help@localhost',
      bcryptCost: 12,
      passwordMinLength: 15,
      sessionIdleDays: 14,
      sessionAbsoluteDays: 90,
      limitSignInPerAddress: 100,
      limitSignInPerAccount: 10,
      suspendAfterFailures: 20,
      suspendMinutes: 15,
      signUp: { by: 'invite' },
      signUpMailsPerHour: 1000,
      limitSignUpPerAddress: 20,
      limitMailPerAddress: 20,
      auditDays: 365,
      amqpUrl: undefined,
      smtpUrl: 'smtp://127.0.0.1:1025',
      mailFrom: 'Latchkey <no-reply@localhost>',
      userService: undefined,
      logLevel: 'info',
    })
  })

  it('generates missing secrets for the process and warns', () => {
    const [first, second] = [readConfig({}), readConfig({})]
    expect(first.sessionSecrets[0]).toHaveLength(64)
    expect(first.sessionSecrets).not.toEqual(second.sessionSecrets)
    expect(first.mailSecrets[0]).toHaveLength(64)
    expect(first.mailSecrets).not.toEqual(second.mailSecrets)
    expect(first.warnings).toEqual([
      expect.stringContaining('SESSION_SECRETS'),
      expect.stringContaining('MAIL_SECRETS'),
      expect.stringContaining('KEY_ENCRYPTION_KEY'),
    ])
  })

  it('accepts a complete production configuration without a warning', () => {
    const config = readConfig({ ...production, SESSION_SECRETS: `${secret}, ${secret}old` })
    expect(config.production).toBe(true)
    expect(config.sessionSecrets).toEqual([secret, `${secret}old`])
    expect(config.warnings).toEqual([])
  })
})

describe('NODE_ENV=production', () => {
  it('requires every setting without a safe default (R64)', () => {
    const missing = [
      'KEY_ENCRYPTION_KEY',
      'MAIL_SECRETS',
      'MONGO_URL',
      'PUBLIC_URL',
      'REDIS_URL',
      'SESSION_SECRETS',
    ]
    expect(Object.keys(problemsOf({ NODE_ENV: 'production' })).toSorted()).toEqual(missing)
  })

  it.each([
    'short',
    'a'.repeat(40),
    `${secret},short`,
    'keyboard cat keyboard cat keyboard cat',
    ' , ',
  ])('refuses the secret %j (R64)', (bad) => {
    expect(Object.keys(problemsOf({ ...production, SESSION_SECRETS: bad }))).toEqual([
      'SESSION_SECRETS',
    ])
  })

  it('refuses a short METRICS_TOKEN and a cheap BCRYPT_COST (R64, R8)', () => {
    expect(problemsOf({ ...production, METRICS_TOKEN: 'short' })).toHaveProperty('METRICS_TOKEN')
    expect(problemsOf({ ...production, BCRYPT_COST: '9' })).toHaveProperty('BCRYPT_COST')
    expect(readConfig({ BCRYPT_COST: '4' }).bcryptCost).toBe(4)
  })

  it('requires AMQP_URL or SMTP_URL for e-mails', () => {
    expect(problemsOf({ ...production, AMQP_URL: '' })).toHaveProperty('SMTP_URL')
    expect(problemsOf({ ...production, AMQP_URL: '', SMTP_URL: 'smtp://mail:25' })).toEqual({})
  })

  it('warns of plain http, except on localhost', () => {
    expect(warningsOf('http://login.shop.test')).toEqual([expect.stringContaining('plain http')])
    expect(warningsOf('http://localhost:3000')).toEqual([])
  })

  it('is assumed for an invalid NODE_ENV, which is reported as well', () => {
    expect(problemsOf({ NODE_ENV: 'prod' })).toMatchObject({
      NODE_ENV: 'This must be one of: development, production, test.',
      SESSION_SECRETS: 'This is required.',
    })
  })
})

describe('PUBLIC_URL and BASE_PATH', () => {
  it.each([
    ['https://a.test', '/', 'https://a.test/'],
    ['https://a.test', 'auth', 'https://a.test/auth/'],
    ['https://a.test/auth', '/auth/', 'https://a.test/auth/'],
    ['https://a.test/auth/', '/auth', 'https://a.test/auth/'],
  ])('form one URL: %s with %s', (PUBLIC_URL, BASE_PATH, expected) => {
    expect(readConfig({ PUBLIC_URL, BASE_PATH }).publicUrl.href).toBe(expected)
  })

  it('must not contradict each other', () => {
    expect(problemsOf({ PUBLIC_URL: 'https://a.test/auth' })).toHaveProperty('PUBLIC_URL')
    const disagreeing = { PUBLIC_URL: 'https://a.test/a/', BASE_PATH: '/b/' }
    expect(problemsOf(disagreeing)).toHaveProperty('PUBLIC_URL')
  })

  it.each([
    'a.test',
    'ftp://a.test',
    'https://a.test/?x',
    'https://a.test/#x',
    'https://u:p@a.test',
  ])('refuses %s', (PUBLIC_URL) => {
    expect(problemsOf({ PUBLIC_URL })).toHaveProperty('PUBLIC_URL')
  })
})

describe('COOKIE_DOMAIN', () => {
  it('must be the host of PUBLIC_URL or a parent domain', () => {
    const config = readConfig({ ...production, COOKIE_DOMAIN: '.Shop.test' })
    expect(config.cookieDomain).toBe('shop.test')
    for (const wrong of ['other.test', 'hop.test', 'test', 'a.login.shop.test'])
      expect(problemsOf({ ...production, COOKIE_DOMAIN: wrong })).toHaveProperty('COOKIE_DOMAIN')
  })
})

describe('USER_DIRECTORY_URL', () => {
  const service = {
    USER_DIRECTORY_URL: 'https://users.shop.test/directory',
    USER_DIRECTORY_TOKEN: secret,
  }
  const { MAIL_SECRETS: _secrets, AMQP_URL: _queue, ...withoutMails } = production

  it('names the user service, as a folder, together with its token', () => {
    const { userService } = readConfig({ ...production, ...service })
    expect(userService).toEqual({
      url: new URL('https://users.shop.test/directory/'),
      token: secret,
    })
    expect(readConfig(production).userService).toBeUndefined()
  })

  it('requires a strong token in production that fits into a header (R64)', () => {
    const problemOf = (USER_DIRECTORY_TOKEN: string) =>
      Object.keys(problemsOf({ ...production, ...service, USER_DIRECTORY_TOKEN }))
    for (const token of ['', 'short', 'a'.repeat(40), `${secret} ${secret}`, `${secret}é`])
      expect(problemOf(token)).toEqual(['USER_DIRECTORY_TOKEN'])
    expect(problemOf(`${secret}+/==`)).toEqual([])
    const open = { USER_DIRECTORY_URL: 'http://localhost:4000' }
    expect(readConfig(open).userService?.token).toBeUndefined()
  })

  it('makes the settings for e-mails optional, because none are sent', () => {
    expect(problemsOf({ ...withoutMails, ...service })).toEqual({})
    expect(problemsOf(withoutMails)).toHaveProperty('MAIL_SECRETS')
    const secrets = { SESSION_SECRETS: secret, KEY_ENCRYPTION_KEY: secret }
    expect(readConfig({ ...secrets, ...service }).warnings).toEqual([])
  })

  it('can also come from a file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'url')
    writeFileSync(file, 'https://users.shop.test\n')
    const { USER_DIRECTORY_URL: _url, ...token } = service
    const env = { ...withoutMails, ...token, USER_DIRECTORY_URL_FILE: file }
    expect(readConfig(env).userService?.url.href).toBe('https://users.shop.test/')
    rmSync(dirname(file), { recursive: true })
  })

  it('warns of plain http, except on localhost', () => {
    const warningsWith = (USER_DIRECTORY_URL: string) =>
      readConfig({ ...production, ...service, USER_DIRECTORY_URL }).warnings
    expect(warningsWith('http://users.internal')).toEqual([expect.stringContaining('plain http')])
    expect(warningsWith('http://127.0.0.1:4000')).toEqual([])
  })

  it.each(['users.shop.test', 'ftp://users', 'https://u:p@users.test', 'https://users.test/?a=b'])(
    'refuses %s',
    (USER_DIRECTORY_URL) => {
      expect(problemsOf({ USER_DIRECTORY_URL })).toHaveProperty('USER_DIRECTORY_URL')
    },
  )
})

describe('other settings', () => {
  it('refuses an idle time longer than the absolute one (R24)', () => {
    expect(problemsOf({ SESSION_IDLE_DAYS: '91' })).toHaveProperty('SESSION_IDLE_DAYS')
  })

  const wrong = ['PORT=70000', 'PORT=abc', 'BASE_PATH=//[', 'PUBLIC_URL=http://a:b']
  it.each(wrong)('reports the others beside an invalid one: %s', (given) => {
    const [name = '', value = ''] = given.split('=')
    const env = { [name]: value, SESSION_IDLE_DAYS: '91', BCRYPT_COST: '99' }
    expect(Object.keys(problemsOf(env)).toSorted()).toEqual(Object.keys(env).toSorted())
  })

  it('names every invalid setting, without values (R61)', () => {
    const env = {
      MONGO_URL: 'postgres://hunter2',
      REDIS_URL: 'hunter2',
      CONTACT_URL: 'hunter2',
      CORS_ORIGINS: '*',
      CLEAR_SITE_DATA: 'cookies',
      RETURN_TO_ORIGINS: 'https://a.test/path',
      KEEP_ON_SIGN_IN: 'cart,passport',
      PASSWORD_MIN_LENGTH: '7',
      TRUST_PROXY: 'true',
      LOG_LEVEL: 'loud',
      AMQP_URL: 'hunter2',
      SMTP_URL: 'hunter2',
      MAIL_FROM: 'hunter2',
      SITE_NAME: 'two\nlines',
    }
    expect(Object.keys(problemsOf(env)).toSorted()).toEqual(Object.keys(env).toSorted())
    expect(JSON.stringify(problemsOf(env))).not.toContain('hunter2')
  })
})

describe('MAIL_FROM', () => {
  it('has a default that is one address, whatever the name of the site (R43)', () => {
    const env = { ...production, SITE_NAME: 'The "A" <b> Shop' }
    expect(readConfig(env).mailFrom).toBe(
      `The A b Shop <no-reply@${readConfig(env).publicUrl.hostname}>`,
    )
  })

  it('must be one address, as for the mail worker (R43)', () => {
    for (const wrong of ['Latchkey a@b.c', '<a@b.c', 'a@b.c, d@e.f'])
      expect(problemsOf({ ...production, MAIL_FROM: wrong })).toHaveProperty('MAIL_FROM')
    expect(problemsOf({ ...production, MAIL_FROM: 'Latchkey <a@b.c>' })).toEqual({})
  })
})
