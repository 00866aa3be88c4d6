const format = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** `2 January 2026 at 03:04 UTC`. An e-mail does not know its reader's time zone. */
export function formatMoment(moment: string): string {
  return `${format.format(new Date(moment))} UTC`
}
