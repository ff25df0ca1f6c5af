import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess } from '../../../src/sandbox/process-identity.js';
import { termweave } from '../../support/command-line.js';

/** When the signal is sent; again later where the program was not there yet. */
const DELAYS_MS = [1000, 2000, 4000, 8000, 16_000];
const ENDS_WITHIN_MS = 10_000;
const TIMEOUT_MS = 60_000;

/** Runs `termweave` with a standard input that stays open and sends one signal. @returns how it ended, and its stderr. */
async function interrupted(args: readonly string[], signal: NodeJS.Signals, env: Record<string, string> = {}) {
  for (const delay of DELAYS_MS) {
    const child = spawn(process.execPath, ['bin/termweave.js', ...args], { env: { ...process.env, ...env } });
    let stderr = '';
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    const end = once(child, 'close');
    await new Promise((resolve) => setTimeout(resolve, delay));
    child.kill(signal);
    const hung = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
    const [code, by] = await end;
    clearTimeout(hung);
    if (by !== signal) return { end: code ?? by, stderr };
  }
  throw new Error('it was never ready to be interrupted');
}

describe('one signal ends', () => {
  it.each([
    [['encode', '--jsonl', '--offline']],
    [['encode', '--offline']],
    [['index', '-', '--index', 'books', '--url', 'memory:', '--offline']],
    [['translate', '--index', 'books', '--url', 'memory:']],
    [
      [
        'export',
        'anserini',
        '--from',
        '-',
        '--out',
        join(mkdtempSync(join(tmpdir(), 'termweave-never-')), 'out'),
        '--offline',
      ],
    ],
  ])(
    '%j, which waits for its standard input, with 130',
    async (args) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const)
        expect(await interrupted(args, signal)).toEqual({ end: 130, stderr: expect.stringMatching(/^interrupted$/m) });
    },
    TIMEOUT_MS,
  );

  it(
    'a command that waits for a lock, and one that measures',
    async () => {
      const home = await mkdtemp(join(tmpdir(), 'termweave-locked-'));
      await mkdir(join(home, 'sandboxes'));
      const sandbox = join(home, 'sandboxes', 'opensearch-3.8.0');
      await writeFile(`${sandbox}.lock`, JSON.stringify(await identifyProcess(process.pid)));
      const state = { engine: 'opensearch', version: '3.8.0', url: 'http://127.0.0.1:1', nodes: [], data: '' };
      await writeFile(`${sandbox}.json`, JSON.stringify({ ...state, throwAway: false }));
      for (const args of [['up', 'opensearch', '--version', '3.8.0', '--via', 'java'], ['down']])
        expect(await interrupted(['sandbox', ...args], 'SIGTERM', { TERMWEAVE_HOME: home })).toMatchObject({
          end: 130,
        });
      expect(await interrupted(['encode', '--bench', '--offline'], 'SIGINT')).toMatchObject({ end: 130 });
    },
    TIMEOUT_MS,
  );
});

describe('output that cannot be written', () => {
  const full = (args: readonly string[]) =>
    spawn('sh', ['-c', `exec ${process.execPath} bin/termweave.js ${args.join(' ')} > /dev/full`]);

  it('ends a command with 3 and what was found', async () => {
    const child = full(['model', 'list', '--json']);
    let stderr = '';
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(3);
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
      found: expect.stringMatching(/ENOSPC/),
    });
  });

  it('stops nothing where it is only talk', async () => {
    const child = spawn('sh', [
      '-c',
      `${process.execPath} bin/termweave.js encode --offline "a fox" 2>/dev/full | wc -l`,
    ]);
    let stdout = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    await once(child, 'close');
    expect(Number(stdout)).toBeGreaterThan(3);
    expect((await termweave(['encode', '--offline', 'a fox'])).exitCode).toBe(0);
  });
});
