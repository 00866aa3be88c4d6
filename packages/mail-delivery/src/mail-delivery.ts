export { createMailer, type Mailer } from './create-mailer.ts'
export { MailError } from './mail-error.ts'
export { renderMail, type RenderedMail } from './render-mail.ts'
