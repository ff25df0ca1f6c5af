import { type ExecFileSyncOptions, execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import * as whole from '../../src/index.js';
import * as client from '../../src/public/client.js';
import * as query from '../../src/public/query.js';

const MOST_BYTES = 1_500_000;
/** `TERMWEAVE_TEST_NODE=/path/to/node`: the Node that installs the package and runs it, where it is not that of the tests. */
const NODE = process.env.TERMWEAVE_TEST_NODE ?? process.execPath;
/** What is started by `env node`, as npm and the installed command are, is started by it. */
const env = { ...process.env, PATH: `${dirname(NODE)}${delimiter}${process.env.PATH}` };

let folder: string;
let tarball: string;
const run = (program: string, args: string[], options: ExecFileSyncOptions = {}) =>
  execFileSync(program, args, {
    cwd: join(folder, 'app'),
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  }).toString();
/** Runs the installed command. */
const outcomeOf = (args: string[]) =>
  new Promise<{ stderr: string; code: number }>((resolve) => {
    const bin = join(folder, 'app/node_modules/termweave/bin/termweave.js');
    execFile(NODE, [bin, ...args], { cwd: join(folder, 'app'), env }, (error, _, stderr) =>
      resolve({ stderr, code: Number(error?.code ?? 0) }),
    );
  });
/** What the compiler says of a program. */
const typeErrorsOf = (name: string, resolution: string, ...more: string[]) => {
  const options = [...more, '--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,esnext.disposable'];
  const module = resolution === 'bundler' ? 'esnext' : resolution;
  const types = ['--types', 'node', '--typeRoots', join(process.cwd(), 'node_modules/@types')];
  const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc');
  return run(NODE, [tsc, ...options, '--module', module, '--moduleResolution', resolution, ...types, name]);
};
const program = (name: string, text: string) => writeFileSync(join(folder, 'app', name), text);

const QUIETLY = ['--prefer-offline', '--no-audit', '--no-fund'];

/** Packs, and installs into an empty folder: from npm's cache where it has everything. No install script is run, for none is needed. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'termweave-packed-'));
  mkdirSync(join(folder, 'app'));
  const name = run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: process.cwd() }).trim();
  tarball = join(folder, name.split('\n').at(-1)!);
  program('package.json', '{"name":"app","private":true}');
  run('npm', ['install', ...QUIETLY, '--ignore-scripts', tarball]);
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TRANSLATE = `
const dialect = dialectForNewField(engineVersion('opensearch', '3.8.0'));
const vector = SparseVector.fromTerms(new Vocabulary(['fox']), { fox: 1.5 });
console.log(JSON.stringify(sparseQuery(vector, { dialect, field: 'splade' }).query));`;
const TRANSLATED = '{"bool":{"should":[{"rank_feature":{"field":"splade.fox","boost":1.5,"linear":{}}}]}}\n';
const NAMES = '{ dialectForNewField, engineVersion, SparseVector, Vocabulary, sparseQuery }';

describe('the packed package in an empty folder', () => {
  it('is small, and has nothing of the compiler', () => {
    expect(statSync(tarball).size).toBeLessThan(MOST_BYTES);
    expect(existsSync(join(folder, 'app/node_modules/termweave/dist/index.js'))).toBe(true);
    expect(existsSync(join(folder, 'app/node_modules/termweave/dist/.tsbuildinfo'))).toBe(false);
  });

  it('has every file that its pages link to', () => {
    const root = join(folder, 'app/node_modules/termweave');
    const pages = ['.', 'docs'].flatMap((place) =>
      readdirSync(join(root, place))
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(root, place, name)),
    );
    const broken = pages.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/\]\(([^)\s#:]+)(?:#[^)]*)?\)/g)]
        .map(([, target]) => join(dirname(page), target!))
        .filter((file) => !existsSync(file)),
    );
    expect(broken).toEqual([]);
  });

  it('has types that are right for every resolution that knows ES modules', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    const problems = analysis.types ? analysis.problems : [{ kind: 'no types', resolutionKind: '' }];
    // It is ESM alone: `require` works by Node's own require(esm), and the oldest resolution knows no sub-paths.
    const counted = problems.filter(
      (one) => !('resolutionKind' in one && ['node10', 'node16-cjs'].includes(one.resolutionKind)),
    );
    expect(counted).toEqual([]);
  });

  it('runs as a command', () => {
    expect(run('npx', ['--no-install', 'termweave', '--version']).trim()).toBe(
      JSON.parse(readFileSync('package.json', 'utf8')).version,
    );
    expect(run('npx', ['--no-install', 'termweave', 'explore', '--help'])).toContain('Examples:');
  });

  it('runs on the Node that was asked for', () => {
    const own = run(NODE, ['--version']).trim();
    program('version.mjs', "import 'termweave';\nconsole.log(process.version);");
    expect(run('node', ['version.mjs']).trim()).toBe(own);
    if (!process.env.TERMWEAVE_TEST_NODE) expect(own).toBe(process.version);
  });

  it('is imported, and required', () => {
    program('import.mjs', `import ${NAMES} from 'termweave/query';${TRANSLATE}`);
    program('require.cjs', `const ${NAMES} = require('termweave');${TRANSLATE}`);
    expect(run(NODE, ['import.mjs'])).toBe(TRANSLATED);
    expect(run(NODE, ['require.cjs'])).toBe(TRANSLATED);
  });

  it.each(['nodenext', 'bundler'])('is typed under resolution %s', (resolution) => {
    program(
      'typed.mts',
      `import { loadEncoder, type Encoder } from 'termweave';\nimport ${NAMES} from 'termweave/query';\nimport { withSplade } from 'termweave/client';\nexport const open: () => Promise<Encoder> = () => loadEncoder();\nexport { withSplade };${TRANSLATE.replace('console.log(', 'export const text = (')}`,
    );
    expect(typeErrorsOf('typed.mts', resolution)).toBe('');
  });

  it('is typed for CommonJS that requires it', () => {
    program(
      'typed.cts',
      `import termweave = require('termweave');\nimport { SparseVector } from 'termweave/query';\nexport const load: typeof termweave.loadEncoder = termweave.loadEncoder;\nexport const empty: (typeof SparseVector)['empty'] = SparseVector.empty;`,
    );
    expect(typeErrorsOf('typed.cts', 'nodenext')).toBe('');
  });

  it('has no framework until it is asked for, says which one to install, and is typed and run with it', () => {
    const names =
      "openRetriever as chain } from 'termweave/langchain';\nimport { openRetriever as nodes } from 'termweave/llamaindex';";
    program(
      'frameworks.mjs',
      `import { ${names}\nfor (const open of [chain, nodes]) await open({}, 'x', {}).catch((thrown) => console.log(thrown.code, thrown.peer));`,
    );
    expect(run(NODE, ['frameworks.mjs'])).toBe('PEER_MISSING @langchain/core\nPEER_MISSING @llamaindex/core\n');
    for (const peer of ['@langchain', '@llamaindex'])
      symlinkSync(join(process.cwd(), 'node_modules', peer), join(folder, 'app/node_modules', peer));
    // With the peers there it gets as far as the engine, and this one is none.
    expect(run(NODE, ['frameworks.mjs'])).toBe('undefined undefined\nundefined undefined\n');
    const found = (open: string) => `Awaited<ReturnType<Awaited<ReturnType<typeof ${open}>>`;
    program(
      'frameworks.mts',
      `import { ${names}
import type { Document } from '@langchain/core/documents';
import type { NodeWithScore } from '@llamaindex/core/schema';
type Same<A, B> = [A, B] extends [B, A] ? true : never;
export const documents: Same<${found('chain')}['invoke']>>, Document[]> = true;
export const scored: Same<${found('nodes')}['retrieve']>>, NodeWithScore[]> = true;
// @ts-expect-error: were the types not found, anything would do
export const wrong: Same<${found('nodes')}['retrieve']>>, string[]> = true;`,
    );
    // LlamaIndex's own declarations need those of a browser.
    for (const resolution of ['nodenext', 'bundler'])
      expect(typeErrorsOf('frameworks.mts', resolution, '--skipLibCheck')).toBe('');
  }, 120_000);

  it('has neither client until it is asked for, and says which one to install', async () => {
    for (const client of ['@elastic', '@opensearch-project'])
      expect(existsSync(join(folder, 'app/node_modules', client))).toBe(false);
    const engine = createServer((_, response) => response.end('{"version":{"number":"9.5.3"}}')).listen(0, '127.0.0.1');
    await once(engine, 'listening');
    const url = `http://127.0.0.1:${(engine.address() as AddressInfo).port}`;
    const { stderr, code } = await outcomeOf(['search', 'books', 'fox', '--url', url, '--json']);
    engine.close();
    expect([code, JSON.parse(stderr).error]).toMatchObject([
      3,
      { code: 'CLIENT_MISSING', client: '@elastic/elasticsearch' },
    ]);
  });

  it('encodes, and says what to install where npm left the runtime out, as it does when its script fails', async () => {
    expect(await outcomeOf(['encode', 'fox', '--json'])).toMatchObject({ code: 0 });
    // Run by hand, for it takes a minute: `npm install` where nuget is out of reach ends with 0, without this folder.
    rmSync(join(folder, 'app/node_modules/onnxruntime-node'), { recursive: true });
    const { stderr, code } = await outcomeOf(['encode', 'fox', '--json']);
    expect([code, JSON.parse(stderr).error]).toMatchObject([3, { code: 'RUNTIME_MISSING' }]);
  });

  it('translates without onnxruntime and without either client', () => {
    rmSync(join(folder, 'app/node_modules/testcontainers'), { recursive: true });
    program('without.mjs', `import ${NAMES} from 'termweave/query';\nimport 'termweave/client';${TRANSLATE}`);
    expect(run(NODE, ['without.mjs'])).toBe(TRANSLATED);
  });
});

describe('the sub-paths', () => {
  it('have nothing that the whole package has not', () => {
    const everything = new Map<string, unknown>(Object.entries(whole));
    for (const [name, value] of Object.entries({ ...query, ...client }))
      expect([name, everything.get(name)]).toEqual([name, value]);
  });
});
