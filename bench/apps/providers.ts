import type { ProviderUnderTest } from './oauth-provider.ts'

/** The OAuth providers, by their names in the tables, and their token endpoints. */
export const providers = {
  'oidc-provider': async (options) => (await import('./oidc-provider.ts')).oidcProvider(options),
  'better-auth': async (options) =>
    (await import('./better-auth-provider.ts')).betterAuthProvider(options),
} satisfies Record<string, ProviderUnderTest>

export type ProviderName = keyof typeof providers

export function isProviderName(name: string): name is ProviderName {
  return Object.hasOwn(providers, name)
}
