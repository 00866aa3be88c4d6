import type { Config } from '../../config/config.ts'

/** Who this site is for authenticators: passkeys made under another id or origin are none of it. */
export function relyingParty({ publicUrl, cookieDomain, rpName }: Config) {
  return {
    id: cookieDomain?.replace(/^\./, '') ?? publicUrl.hostname,
    name: rpName,
    origin: publicUrl.origin,
  }
}
