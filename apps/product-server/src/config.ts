import {
  checkServerSettings,
  isProduction,
  readSettings,
  serverConfig,
  serverSettings,
  webAddress,
} from 'service-kit'
import { z } from 'zod'

const PORT = 3001

export type Config = ReturnType<typeof readConfig>

/**
 * The settings of this process; nothing else here reads the environment.
 *
 * @throws SettingsError with every problem
 */
export function readConfig(env: Record<string, string | undefined>) {
  const settings = readSettings(checkedSchema(isProduction(env)), env)
  const publicUrl = publicUrlOf(settings.PUBLIC_URL, settings.PORT)
  return { ...serverConfig(settings, publicUrl), publicUrl, authUrl: authUrlOf(settings.AUTH_URL) }
}

/** Every setting of the product-server: what all servers have, and where the auth-server is. */
export function settingsSchema({ production }: { production: boolean }) {
  return z.object({
    ...serverSettings({ production, port: PORT }),
    AUTH_URL: production ? webAddress() : webAddress().optional(),
  })
}

function checkedSchema(production: boolean) {
  return settingsSchema({ production }).superRefine((settings, context) => {
    // zod comes here with what it refused, too, as it was given.
    if (settings.PUBLIC_URL !== undefined && !(settings.PUBLIC_URL instanceof URL)) return
    checkServerSettings(
      settings,
      publicUrlOf(settings.PUBLIC_URL, settings.PORT),
      (setting, message) => context.addIssue({ code: 'custom', path: [setting], message }),
    )
  })
}

function publicUrlOf(given: URL | undefined, port: number): URL {
  return given ?? new URL(`http://localhost:${port}`)
}

/** Ends with a slash, so that the auth-server's paths can be put behind it. */
function authUrlOf(given: URL | undefined): URL {
  const url = new URL(given ?? 'http://localhost:3000')
  url.pathname = url.pathname.replace(/\/*$/, '/')
  return url
}
