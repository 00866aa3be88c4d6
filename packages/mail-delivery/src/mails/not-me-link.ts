import type { Letter } from '../letter.ts'

/** The way out for a reader who did not do this, where the mail has one. */
export function notMeLink(url: string | undefined, text: string): Letter['notMe'] {
  return url === undefined ? undefined : { text, label: 'This was not me', url }
}
