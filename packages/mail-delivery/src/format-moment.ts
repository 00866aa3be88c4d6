const format = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** `2 January 2026 at 03:04 UTC`: a mail does not know where its reader is. */
export function formatMoment(moment: string): string {
  return `${format.format(new Date(moment))} UTC`
}
