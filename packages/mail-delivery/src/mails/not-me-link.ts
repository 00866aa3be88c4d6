import type { Letter } from '../letter.ts'

/** The link for a reader who did not do this, if the e-mail has one. */
export function notMeLink(url: string | undefined, text: string): Letter['notMe'] {
  return url === undefined ? undefined : { text, label: 'This was not me', url }
}
