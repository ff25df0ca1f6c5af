// Everything that `npm test` checks, cheapest first; the last line is `N passed, N failed[, N skipped]`.
// Arguments after `--` go to Jest: npm test -- --selectProjects unit
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import pMap from 'p-map';

const jestArguments = process.argv.slice(2);
const run = (command, args, env = {}) =>
  spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;

let failedChecks = 0;
let passedChecks = 0;
if (jestArguments.length === 0) {
  // Each takes one core.
  await pMap(['types', 'lint', 'package', 'rooms', 'unused'], check, { concurrency: availableParallelism() });
}

/** Runs a check, and then shows what it said. */
async function check(name) {
  const said = [];
  const started = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [started.stdout, started.stderr]) stream.on('data', (some) => said.push(some));
  const status = await new Promise((ended) => started.on('error', () => ended(1)).on('close', ended));
  process.stderr.write(Buffer.concat(said));
  console.error(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (status === 0) passedChecks++;
  else failedChecks++;
}

const report = join(tmpdir(), `termweave-jest-${process.pid}.json`);
const status = run(
  process.execPath,
  // A test that fails half-way may leave a listener open; the run must end all the same.
  ['node_modules/jest/bin/jest.js', '--forceExit', '--json', `--outputFile=${report}`, ...jestArguments],
  { NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
);
const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests, testResults } = JSON.parse(
  readFileSync(report, 'utf8'),
);
rmSync(report);

const slowest = testResults
  .map(({ name, startTime, endTime }) => ({ name: relative('test', name), seconds: (endTime - startTime) / 1000 }))
  .sort((a, b) => b.seconds - a.seconds)
  .slice(0, 10);
console.error(`slowest: ${slowest.map(({ name, seconds }) => `${name} ${seconds.toFixed(0)} s`).join(', ')}`);

const failed = failedChecks + Math.max(numFailedTests, numFailedTestSuites);
console.log(`${passedChecks + numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`);
process.exit(failed > 0 ? 1 : status);
