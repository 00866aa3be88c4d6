import type { MailMessage } from 'mail-contract'

type Sent = { mails: MailMessage[] }

/** The newest mail of that kind to that address, as soon as it is sent. */
export async function mailTo(
  { mails }: Sent,
  { to, kind }: { to: string; kind: MailMessage['kind'] },
): Promise<MailMessage> {
  const end = Date.now() + 5000
  while (Date.now() < end) {
    const mail = mails.findLast((mail) => mail.to === to && mail.kind === kind)
    if (mail) return mail
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`no ${kind} mail to ${to}`)
}

/** The address that the button of a mail leads to. */
export function linkIn({ data }: MailMessage): URL {
  if (!('link' in data)) throw new Error('this mail has no button')
  return new URL(data.link.url)
}

/** The token in the button's link. */
export function tokenIn(mail: MailMessage): string {
  const { searchParams } = linkIn(mail)
  return searchParams.get('token') ?? searchParams.get('confirmation') ?? ''
}

/** The token in the link that says "this was not me". */
export function notMeTokenIn({ data }: MailMessage): string {
  return new URL(data.notMeUrl ?? 'http://missing').searchParams.get('token') ?? ''
}

/** All mails to an address, once nothing more can be on its way. */
export async function mailsTo({ mails }: Sent, to: string): Promise<MailMessage[]> {
  await new Promise((resolve) => setTimeout(resolve, 500))
  return mails.filter((mail) => mail.to === to)
}
