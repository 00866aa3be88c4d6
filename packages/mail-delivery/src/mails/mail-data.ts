import type { MailKind, MailMessage } from 'mail-contract'

/** The type of an e-mail of this kind. */
export type MailOf<Kind extends MailKind> = Extract<MailMessage, { kind: Kind }>

/** `the account “ada”`, or `your account` if the name is unknown. */
export function accountName({ username }: { username?: string | undefined }): string {
  return username === undefined ? 'your account' : `the account “${username}”`
}
