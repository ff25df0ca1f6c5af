// What `npm run demo` and `npm test` need before they start, each step skipped when it is done: installed packages, compiled
// code, the default model, engines. Plain Node, for it runs before anything is installed.
//   node scripts/prepare.mjs --demo | --test
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...path) => join(root, ...path);
const forTests = process.argv.includes('--test');

if (!packagesInstalled()) {
  step('installing packages (npm ci)', 'npm', ['ci', '--no-audit', '--no-fund']);
}
if (
  !upToDate(at('dist/.tsbuildinfo'), [
    at('src'),
    at('tsconfig.json'),
    at('tsconfig.build.json'),
    at('scripts/build.mjs'),
  ])
) {
  step('compiling', process.execPath, [at('scripts/build.mjs')]);
}
step(
  'fetching and compiling the model splade-tiny',
  process.execPath,
  [at('bin/termweave.js'), 'model', 'build', '--json'],
  {
    quiet: true,
  },
);
await fetchEngines();

/** Runs a command; its end is this one's when it fails. What it prints goes to stderr: stdout belongs to the caller. */
function step(what, command, args, { quiet = false } = {}) {
  if (!quiet) console.error(`prepare: ${what}`);
  const started = performance.now();
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', quiet ? 'ignore' : 2, 2] });
  if (status !== 0) {
    console.error(`prepare: ${what} failed (${error?.message ?? `exit code ${status}`})`);
    process.exit(status ?? 1);
  }
  if (!quiet) console.error(`prepare: done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** An engine that cannot be had is no reason to stop: the tests name it as not run, and the demo has the memory engine. */
async function fetchEngines() {
  const load = (file) => import(pathToFileURL(at(file)).href);
  const { homeFolder } = await load('dist/cli/settings.js');
  const { prepareEngine } = await load('dist/sandbox/prepare-engine.js');
  const { testedEngines } = await load('test/support/tested-engines.mjs');
  const wanted = forTests ? testedEngines(process.env.TERMWEAVE_TEST_ENGINES) : [{ engine: 'opensearch' }];
  for (const { engine, version } of wanted) {
    try {
      await prepareEngine({
        engine,
        version,
        home: homeFolder(),
        javaHome: process.env.JAVA_HOME,
        onProgress: ({ step, detail }) => console.error(`prepare: ${step} ${detail}`),
      });
    } catch (error) {
      console.error(`prepare: ${error.message}`);
    }
  }
}

/** Whether node_modules holds what the lock file says; packages for other systems may be missing. */
function packagesInstalled() {
  if (!existsSync(at('node_modules/.package-lock.json'))) return false;
  const packagesOf = (file) => JSON.parse(readFileSync(at(file), 'utf8')).packages;
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, { version, optional }]) =>
      path === '' || (optional && !installed[path]) || installed[path]?.version === version,
  );
}

/** Whether a file is there and no older than anything among the sources. */
function upToDate(product, sources) {
  return existsSync(product) && sources.every((source) => newest(source) <= statSync(product).mtimeMs);
}

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
