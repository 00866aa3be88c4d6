export { createMailer, type Mailer } from './smtp/create-mailer.ts'
export { MailError } from './smtp/mail-error.ts'
export { renderMail, type RenderedMail } from './render-mail.ts'
