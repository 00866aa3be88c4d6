import { parse } from 'bowser'

/** Longer than any browser's; the rest is somebody's joke. */
const MAX_LENGTH = 500

/**
 * Browser and system in words, such as `Firefox 128 on Windows`, from a User-Agent header; undefined
 * where it tells neither. It is what the client says of itself: fine to recognise oneself by, no proof.
 */
export function describeDevice(userAgent: string | undefined): string | undefined {
  if (!userAgent) return undefined
  const { browser, os } = parse(userAgent.slice(0, MAX_LENGTH))
  const name = [browser.name, browser.version?.split('.')[0]].filter(Boolean).join(' ')
  const system = os.name ?? ''
  return name && system ? `${name} on ${system}` : name || system || undefined
}
