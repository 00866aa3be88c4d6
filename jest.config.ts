import { availableParallelism } from 'node:os'
import type { Config } from 'jest'

const config: Config = {
  roots: [
    '<rootDir>/packages',
    '<rootDir>/apps',
    '<rootDir>/tools',
    '<rootDir>/e2e',
    '<rootDir>/faults',
  ],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/', '/.data/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  reporters: ['default', '<rootDir>/tools/test/count-results.ts'],
  setupFilesAfterEnv: ['<rootDir>/tools/test/retry-once.ts'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  testTimeout: 30_000,
  // The tests watch deadlines of 200 ms: leave the other half to the servers they talk to, as far as
  // that goes.
  maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
}

export default config
