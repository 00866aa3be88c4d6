import { expect, jest } from '@jest/globals'

// Deadlines of 200 ms and kills at random moments, on a machine that others may be using: what fails
// is shown, and counts when it fails twice. On a developer's own machine nothing is tried again, and
// a race nowhere: one that is lost once in a hundred times is lost.
const { testPath = '' } = expect.getState()
const isRace = /(races|racing|is-final)[^/]*$/.test(testPath)
if (process.env.CI && !isRace) jest.retryTimes(1, { logErrorsBeforeRetry: true })
