/** The content of an e-mail, independent of its layout. */
export type Letter = {
  subject: string
  /** The preview that a mailbox shows after the subject. */
  preheader: string
  title: string
  paragraphs: string[]
  button?: { label: string; url: string; note: string }
  facts?: { label: string; value: string }[]
  /** For a reader who did not cause this e-mail. */
  notMe?: { text: string; label: string; url: string } | undefined
}
