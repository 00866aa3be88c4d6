import { createAuthorizer } from 'auth-kit/lambda'
import { readConfig } from './config.ts'

/** Lambda calls `main.handler`. An invalid setting stops the function when it starts. */
export const handler = createAuthorizer({
  ...readConfig(process.env),
  onClockSkew: (seconds) =>
    process.emitWarning(`The auth server's clock is ${seconds} s ahead of this one.`),
})
