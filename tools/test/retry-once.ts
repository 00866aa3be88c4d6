import { jest } from '@jest/globals'

// Deadlines of 200 ms and kills at random moments, on a machine that others may be using: what fails
// is shown, and counts when it fails twice. On a developer's own machine nothing is tried again.
if (process.env.CI) jest.retryTimes(1, { logErrorsBeforeRetry: true })
