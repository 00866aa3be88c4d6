import { z } from 'zod'
import { mailAddress } from './mail-address.ts'

// A subject must not contain line ends or characters that change the reading direction.
const line = z.string().regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, 'This must be one line of plain text.')

// Facts come from a client, such as its User-Agent. A notice goes out whatever they contain.
const fact = z.string().transform((text) =>
  text
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, 200),
)

const webLink = z.url({ protocol: /^https?$/ }).max(2_000)
const moment = z.iso.datetime()

const everyMail = {
  username: line.max(100).optional(),
  siteName: line.max(100),
  /** The link for a reader who did not cause this e-mail. */
  notMeUrl: webLink.optional(),
}
const withLink = z.object({
  ...everyMail,
  /** The target of the button: a key to the account until it expires. */
  link: z.object({ url: webLink, expiresAt: moment }),
})
const notice = z.object({
  ...everyMail,
  /** The network address that the change came from. */
  address: fact.optional(),
  /** The browser and system that were used, in words. */
  device: fact.optional(),
})
const addressNotice = notice.extend({
  /** The address that e-mails go to from now on. */
  newEmail: mailAddress.optional(),
  /** Set if no signed-in user asked for the change: an earlier address took the account back. */
  change: z.literal('given_back').optional(),
})
const reuseNotice = notice.extend({
  /** The app that used the token. */
  client: fact.optional(),
})

const factorsNotice = notice.extend({
  change: z.enum([
    'totp_added',
    'totp_removed',
    'passkey_added',
    'passkey_removed',
    'recovery_codes_made',
    'recovery_code_used',
    'factors_reset',
  ]),
  /** How many recovery codes are left. */
  left: fact.optional(),
})

const dataOfKind = {
  confirm: withLink,
  reset: withLink,
  /** Signed up with an address that has an account: its owner is notified. */
  has_account: withLink,
  invite: withLink,
  email_change: withLink,
  password_changed: notice,
  email_changed: addressNotice,
  token_reuse: reuseNotice,
  new_device: notice,
  factors_changed: factorsNotice,
}

export type MailKind = keyof typeof dataOfKind

const envelope = {
  /** Identifies the e-mail for good: another one with the same id is a duplicate. */
  id: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'This must be letters, digits, dots, dashes and underscores.'),
  to: mailAddress,
  /** BCP 47, such as `en` or `de-AT`. */
  locale: z.string().regex(/^[a-z]{2,3}(-[\da-z]{2,8})*$/i, 'This must be a language tag.'),
  /** When the event that the e-mail is about happened. */
  at: moment,
}

/** An e-mail to be sent. `data` depends on `kind`. */
export const mailMessage = z.discriminatedUnion('kind', [
  messageOf('confirm'),
  messageOf('reset'),
  messageOf('has_account'),
  messageOf('invite'),
  messageOf('email_change'),
  messageOf('password_changed'),
  messageOf('email_changed'),
  messageOf('token_reuse'),
  messageOf('new_device'),
  messageOf('factors_changed'),
])

export type MailMessage = z.output<typeof mailMessage>

/** All kinds of e-mail. */
export const mailKinds: MailKind[] = mailMessage.options.map(({ shape }) => shape.kind.value)

function messageOf<Kind extends MailKind>(kind: Kind) {
  return z.object({ ...envelope, kind: z.literal(kind), data: dataOfKind[kind] })
}
