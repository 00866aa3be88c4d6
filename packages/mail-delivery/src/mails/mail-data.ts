import type { MailKind, MailMessage } from 'mail-contract'

/** A mail of this kind, as the contract types it. */
export type MailOf<Kind extends MailKind> = Extract<MailMessage, { kind: Kind }>

/** `the account “ada”`, or what an account without a known name is called. */
export function accountName({ username }: { username?: string | undefined }): string {
  return username === undefined ? 'your account' : `the account “${username}”`
}
