import { createAuthorizer } from 'auth-kit/lambda'
import { readConfig } from './config.ts'

/** What Lambda calls: `main.handler`. What is set up wrongly stops the function at its start. */
export const handler = createAuthorizer({
  ...readConfig(process.env),
  onClockSkew: (seconds) =>
    process.emitWarning(`the auth server's clock is ${seconds} s ahead of this one`),
})
