import { expect, jest } from '@jest/globals'

// Tests have deadlines of 200 ms and kill processes at random moments, and others may be using the machine.
// So on CI a failure is shown, and counts if it happens twice. Nothing is retried on a developer's machine,
// and races never are: a race that is lost once in a hundred times is lost.
const { testPath = '' } = expect.getState()
const isRace = /(races|racing|is-final)[^/]*$/.test(testPath)
if (process.env.CI && !isRace) jest.retryTimes(1, { logErrorsBeforeRetry: true })
