/** A time for a `time` element: machine-readable, and in words. */
export type Moment = { iso: string; words: string }

// The server does not know the reader's time zone, so the text names its own.
const inWords = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** A date as `time` elements show it, in UTC. */
export function moment(date: Date): Moment {
  return { iso: date.toISOString(), words: `${inWords.format(date)} UTC` }
}
