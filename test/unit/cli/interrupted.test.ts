import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyProcess } from '../../../src/sandbox/process-identity.js';
import { termweave } from '../../support/command-line.js';

/** When the signal is sent; again later where the program was not there yet. */
const DELAYS_MS = [1000, 2000, 4000, 8000, 16_000];
const ENDS_WITHIN_MS = 10_000;
const TIMEOUT_MS = 120_000;

/** Runs `termweave` with a standard input that stays open and sends one signal. @returns how it ended, and its stderr. */
async function interrupted(args: readonly string[], signal: NodeJS.Signals, env: Record<string, string> = {}) {
  for (const delay of DELAYS_MS) {
    // Programs that find CI set colour what they say.
    const colourless = { ...process.env, NO_COLOR: '1', ...env };
    const child = spawn(process.execPath, ['bin/termweave.js', ...args], { env: colourless });
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
  it(
    'a command that waits for its standard input, with 130',
    async () => {
      const out = join(await mkdtemp(join(tmpdir(), 'termweave-waiting-')), 'out');
      const commands = [
        ['encode', '--jsonl', '--offline'],
        ['encode', '--offline'],
        ['index', '-', '--index', 'books', '--url', 'http://127.0.0.1:1', '--offline'],
        ['translate', '--index', 'books', '--url', 'http://127.0.0.1:1'],
        ['export', 'anserini', '--from', '-', '--out', out, '--offline'],
      ];
      const ends = await Promise.all(commands.map((args) => interrupted(args, 'SIGTERM')));
      const expected = { end: 130, stderr: expect.stringMatching(/^interrupted$/m) };
      expect(ends).toEqual(commands.map(() => expected));
      for (const signal of ['SIGINT', 'SIGHUP'] as const)
        expect(await interrupted(commands[0]!, signal)).toEqual(expected);
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
      const ends = await Promise.all([
        interrupted(['sandbox', 'up', 'opensearch', '--version', '3.8.0', '--via', 'java'], 'SIGTERM', {
          TERMWEAVE_HOME: home,
        }),
        interrupted(['sandbox', 'down'], 'SIGTERM', { TERMWEAVE_HOME: home }),
        interrupted(['encode', '--bench', '--offline'], 'SIGINT'),
      ]);
      expect(ends).toMatchObject([130, 130, 130].map((end) => ({ end })));
    },
    TIMEOUT_MS,
  );
});

describe('a second signal', () => {
  /** A command whose end in order takes a while. */
  const SLOW_TO_CLOSE = `
    import { interruptible, interruption } from './dist/cli/interruption.js';
    await interruptible(async () => {
      setInterval(() => undefined, 1000);
      interruption.addEventListener('abort', () => console.log('asked'));
      console.log('open');
      await new Promise((resolve) => interruption.addEventListener('abort', () => setTimeout(resolve, 1000)));
    });
    console.log('closed');
    process.exit(0);`;

  it.each([
    ['a closed terminal, which sends two', ['SIGHUP', 'SIGHUP'], 0, 'open asked closed'],
    ['a terminal closed after Ctrl-C', ['SIGINT', 'SIGHUP'], 0, 'open asked closed'],
    ['Ctrl-C after a closed terminal', ['SIGHUP', 'SIGTERM'], 0, 'open asked closed'],
    ['Ctrl-C, and again', ['SIGINT', 'SIGTERM'], 130, 'open asked'],
  ] as const)('of %s', async (_, [first, second], exitCode, said) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', SLOW_TO_CLOSE]);
    let stdout = '';
    child.stdout.on('data', (data) => {
      stdout += data;
      if (stdout.endsWith('open\n')) child.kill(first);
      if (stdout.endsWith('asked\n')) child.kill(second);
    });
    const [code] = await once(child, 'close');
    expect({ code, said: stdout.trim().split('\n').join(' ') }).toEqual({ code: exitCode, said });
  });
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

  it('ends a filter quietly and at once, with 141, where its reader goes away', async () => {
    const child = spawn(process.execPath, ['bin/termweave.js', 'encode', '--jsonl', '--offline']);
    let stderr = '';
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    // A filter reads until it is told that nobody wants more; its own input never ends.
    const line = `${JSON.stringify({ text: 'a fox' })}\n`;
    child.stdin.on('error', () => undefined);
    child.stdin.write(line);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const closed = performance.now();
    const writing = setInterval(() => child.stdin.write(line), 100);
    const [code] = await once(child, 'exit');
    clearInterval(writing);
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
    expect(performance.now() - closed).toBeLessThan(5000);
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
