/** What a mail says, before it has a form. */
export type Letter = {
  subject: string
  /** What a mailbox shows behind the subject. */
  preheader: string
  title: string
  paragraphs: string[]
  button?: { label: string; url: string; note: string }
  facts?: { label: string; value: string }[]
  /** For a reader who did not cause this mail. */
  notMe?: { text: string; label: string; url: string } | undefined
}
