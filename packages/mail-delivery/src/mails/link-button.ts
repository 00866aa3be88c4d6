import { formatMoment } from '../format-moment.ts'
import type { Letter } from '../letter.ts'

type Link = { url: string; expiresAt: string }

/** The one button of an e-mail, with its expiry. */
export function linkButton(label: string, { url, expiresAt }: Link): NonNullable<Letter['button']> {
  return { label, url, note: `The link works until ${formatMoment(expiresAt)}.` }
}
