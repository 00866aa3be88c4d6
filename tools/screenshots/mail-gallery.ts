import { mailKinds } from '../../packages/mail-contract/src/mail-contract.ts'
import { mailOf } from '../../packages/mail-delivery/src/mail.fixture.ts'
import { renderMail } from '../../packages/mail-delivery/src/render-mail.ts'

/** An e-mail of each kind, as HTML by name. */
export function mailGallery(): Record<string, string> {
  return Object.fromEntries(
    mailKinds.map((kind) => [`mail-${kind}`, renderMail(mailOf(kind)).html]),
  )
}
