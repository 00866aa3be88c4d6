import {
  checkServerSettings,
  isProduction,
  readSettings,
  serverConfig,
  serverSettings,
  webAddress,
  wholeNumber,
} from 'service-kit'
import { z } from 'zod'

const PORT = 3001

export type Config = ReturnType<typeof readConfig>

/**
 * The settings of this process. Nothing else in this app reads the environment.
 *
 * @throws SettingsError listing every problem
 */
export function readConfig(env: Record<string, string | undefined>) {
  const settings = readSettings(checkedSchema(isProduction(env)), env)
  const publicUrl = publicUrlOf(settings.PUBLIC_URL, settings.PORT)
  const authUrl = authUrlOf(settings.AUTH_URL)
  const tokenIssuer = withoutSlash(settings.TOKEN_ISSUER ?? authUrl)
  return {
    ...serverConfig(settings, publicUrl),
    publicUrl,
    authUrl,
    tokenIssuer,
    /** The URL of the issuer's keys, for servers that reach it at another address. */
    tokenJwksUrl: settings.TOKEN_JWKS_URL ?? `${tokenIssuer}/.well-known/jwks.json`,
    tokenAudience: settings.TOKEN_AUDIENCE ?? withoutSlash(publicUrl),
    limitApiPerToken: settings.LIMIT_API_PER_TOKEN,
  }
}

/** All settings: those that every server has, and those about the auth server. */
export function settingsSchema({ production }: { production: boolean }) {
  return z.object({
    ...serverSettings({ production, port: PORT }),
    AUTH_URL: production ? webAddress() : webAddress().optional(),
    TOKEN_ISSUER: webAddress().optional(),
    TOKEN_JWKS_URL: webAddress().optional(),
    TOKEN_AUDIENCE: z
      .string()
      .regex(/^[\w.~:/?#@!$&'()*+,;=%-]+$/, 'This must be a name or an address without spaces.')
      .optional(),
    LIMIT_API_PER_TOKEN: wholeNumber({ min: 1, max: 1_000_000 }).default(600),
  })
}

function checkedSchema(production: boolean) {
  return settingsSchema({ production }).superRefine((settings, context) => {
    checkServerSettings(settings, (setting, message) =>
      context.addIssue({ code: 'custom', path: [setting], message }),
    )
  })
}

function publicUrlOf(given: URL | undefined, port: number): URL {
  return given ?? new URL(`http://localhost:${port}`)
}

/** The form that tokens use for a server. */
function withoutSlash(url: URL): string {
  return url.href.replace(/\/+$/, '')
}

/** Ends with a slash, so that the auth server's paths can be appended. */
function authUrlOf(given: URL | undefined): URL {
  const url = new URL(given ?? 'http://localhost:3000')
  url.pathname = url.pathname.replace(/\/*$/, '/')
  return url
}
