/** What a site's e-mails look like. The mail worker and the auth server read the same settings. */
export type MailBrand = {
  /** For buttons and links, on light and on dark paper. */
  color?: { light: string; dark: string } | undefined
  logo?: { type: string; content: Buffer } | undefined
}

export type Attachment = {
  filename: string
  content: Buffer
  contentType: string
  contentDisposition: 'inline'
  cid: string
}

/** How the template finds the logo among the parts of the e-mail. */
export const LOGO_CID = 'logo'

/** The logo as a part of the e-mail; undefined if mailboxes cannot show it, as with SVG. */
export function attachedLogo({ logo }: MailBrand): Attachment | undefined {
  const extension = logo && { 'image/png': 'png', 'image/jpeg': 'jpg' }[logo.type]
  if (!logo || !extension) return undefined
  return {
    filename: `logo.${extension}`,
    content: logo.content,
    contentType: logo.type,
    contentDisposition: 'inline',
    cid: LOGO_CID,
  }
}
