import { describe, expect, it } from '@jest/globals'
import { SettingsError } from 'service-kit'
import { readConfig } from './config.ts'

const secret = 'kZ8w3vQx1nR7bT5yU2mP9sD4fG6hJ0aL'
const production = {
  NODE_ENV: 'production',
  REDIS_URL: 'rediss://:pw@cache:6380',
  AMQP_URL: 'amqps://queue',
  SMTP_URL: 'smtps://user:pw@smtp.shop.test',
  MAIL_FROM: 'Shop <no-reply@shop.test>',
  MAIL_SECRETS: secret,
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

describe('readConfig', () => {
  it('always needs MAIL_SECRETS, because no e-mail can be decrypted without them', () => {
    expect(problemsOf({})).toEqual({ MAIL_SECRETS: expect.any(String) })
  })

  it('expects the services on this machine outside production', () => {
    expect(readConfig({ MAIL_SECRETS: secret })).toMatchObject({
      port: 3002,
      redisUrl: 'redis://127.0.0.1:6379',
      amqpUrl: 'amqp://guest:guest@127.0.0.1:5672',
      smtpUrl: 'smtp://127.0.0.1:1025',
      smtpTimeoutMs: 30_000,
      queueNames: { mail: 'mail', dead: 'mail.dead' },
    })
  })

  it('needs every setting in production, and names all that are missing (R64)', () => {
    expect(Object.keys(problemsOf({ NODE_ENV: 'production' })).toSorted()).toEqual([
      'AMQP_URL',
      'MAIL_FROM',
      'MAIL_SECRETS',
      'REDIS_URL',
      'SMTP_URL',
    ])
    expect(problemsOf(production)).toEqual({})
  })

  it('refuses a short secret in production (R64)', () => {
    expect(problemsOf({ ...production, MAIL_SECRETS: 'short' })).toHaveProperty('MAIL_SECRETS')
  })

  it('refuses a sender that is not exactly one address (R43)', () => {
    for (const MAIL_FROM of ['Shop <no-reply@shop.test>\r\nBcc: x@y.z', 'Shop', 'a@b, c@d'])
      expect(problemsOf({ ...production, MAIL_FROM })).toHaveProperty('MAIL_FROM')
  })

  it('reads delays in seconds and a prefix for the queues', () => {
    const env = { ...production, MAIL_RETRY_SECONDS: '0.5,30', MAIL_QUEUE_PREFIX: 'shop.' }
    expect(readConfig(env).queueNames).toEqual({
      mail: 'shop.mail',
      retries: [
        { name: 'shop.mail.retry.500', delayMs: 500 },
        { name: 'shop.mail.retry.30000', delayMs: 30_000 },
      ],
      dead: 'shop.mail.dead',
    })
  })

  it.each(['0', 'soon', '1,,2'])('refuses delays such as %j', (MAIL_RETRY_SECONDS) => {
    const problems = problemsOf({ ...production, MAIL_RETRY_SECONDS })
    expect(problems).toHaveProperty('MAIL_RETRY_SECONDS')
  })
})
