const requestedMails = ['confirm', 'reset'] as const

/** Which mail anybody may ask for, for any address. */
export type RequestedMail = (typeof requestedMails)[number]

export function isRequestedMail(kind: string): kind is RequestedMail {
  return requestedMails.some((requested) => requested === kind)
}
