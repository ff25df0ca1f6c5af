import { availableParallelism } from 'node:os';

// Tests are transformed by swc and import the sources by their path; the mapper turns that path into the compiled file,
// so what is tested is what ships, and worker threads start from the same files as in production.
const common = {
  testEnvironment: '<rootDir>/test/support/environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }] },
  moduleNameMapper: {
    '^(?:\\.\\./)+src/(.*)\\.js$': '<rootDir>/dist/$1.js',
    '^termweave$': '<rootDir>/dist/index.js',
    '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts'],
  },
};

const suite = (name) => ({ ...common, displayName: name, testMatch: [`<rootDir>/test/${name}/**/*.test.ts`] });

/** One engine of each kind for all contract suites: see test/support/engines.ts. */
const sharedEngines = {
  globalSetup: '<rootDir>/test/support/engine-broker.mjs',
  globalTeardown: '<rootDir>/test/support/stop-engine-broker.mjs',
};

export default {
  projects: [
    ...['unit', 'property', 'golden'].map(suite),
    ...['contract', 'browser', 'package'].map((name) => ({ ...suite(name), ...sharedEngines })),
  ],
  testTimeout: 180_000,
  // Jest leaves a core free for itself, which on two cores is half of them; contract suites wait for engines much of their time, so one more than there are cores.
  maxWorkers: availableParallelism() + 1,
};
