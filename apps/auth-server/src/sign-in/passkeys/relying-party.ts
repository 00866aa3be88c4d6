import type { Config } from '../../config/config.ts'

/** This site's identity for authenticators: passkeys of another id or origin are not accepted. */
export function relyingParty({ publicUrl, cookieDomain, rpName }: Config) {
  return {
    id: cookieDomain?.replace(/^\./, '') ?? publicUrl.hostname,
    name: rpName,
    origin: publicUrl.origin,
  }
}
