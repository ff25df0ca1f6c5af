import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { homeFolder } from '../../../src/cli/settings.js';
import { identifyProcess } from '../../../src/sandbox/process-identity.js';
import { onEveryEngine, STARTS_ENGINES_MS } from '../../support/engines.js';
import { call } from '../../support/http.js';
import { isAlive } from '../../support/processes.js';

const BINARY = new URL('../../../bin/termweave.js', import.meta.url).pathname;

onEveryEngine(
  'termweave sandbox',
  ({ engine, version }) => {
    let home: string;
    beforeAll(async () => {
      // A home of its own, so that a sandbox which stands on this machine already is left in peace.
      home = await mkdtemp(join(tmpdir(), 'termweave-standing-'));
      await symlink(join(homeFolder(), 'engines'), join(home, 'engines'));
    });
    afterAll(async () => {
      await sandbox('down');
      await rm(home, { recursive: true });
    });

    const sandbox = async (...args: string[]) => {
      const env = { ...process.env, TERMWEAVE_HOME: home };
      const { stdout } = await promisify(execFile)(process.execPath, [BINARY, 'sandbox', ...args, '--json'], { env });
      return JSON.parse(stdout);
    };
    const up = () => sandbox('up', engine, '--version', version, '--via', 'java');

    it(
      'stands after its program ended, is found again, and goes down with its data',
      async () => {
        const first = await up();
        expect(first).toEqual({
          engine,
          version,
          url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
          nodes: [{ url: first.url, pid: expect.any(Number) }],
          data: expect.any(String),
        });
        expect((await call(first.url, 'GET', '/_cluster/health')).status).toBe(200);
        expect(await Promise.all([up(), up()])).toEqual([first, first]);
        expect(await sandbox('status')).toEqual([{ ...first, running: true }]);
        for (const other of [
          ['--nodes', '2'],
          ['--data', join(home, 'kept')],
          ['--heap', '2g'],
          ['--port', '1'],
        ]) {
          await expect(sandbox('up', engine, '--version', version, ...other)).rejects.toMatchObject({
            code: 2,
            stderr: expect.stringContaining('SANDBOX_DIFFERS'),
          });
        }

        expect(await sandbox('down', engine)).toEqual([first]);
        expect(isAlive(first.nodes[0].pid)).toBe(false);
        expect(existsSync(first.data)).toBe(false);
        expect(await sandbox('status')).toEqual([]);
      },
      STARTS_ENGINES_MS,
    );

    it(
      'replaces a sandbox whose node was killed behind its back',
      async () => {
        const dead = await up();
        process.kill(dead.nodes[0].pid, 'SIGKILL');
        while (await identifyProcess(dead.nodes[0].pid)) await new Promise((resolve) => setTimeout(resolve, 50));
        expect(await sandbox('status')).toEqual([{ ...dead, running: false }]);
        const alive = await up();
        expect(alive.nodes[0].pid).not.toBe(dead.nodes[0].pid);
        expect(existsSync(dead.data)).toBe(false);
        await sandbox('down');
      },
      STARTS_ENGINES_MS,
    );

    it(
      'forgets no process of a start that was killed, and of one under way waits for the end',
      async () => {
        const starting = () =>
          spawn(process.execPath, [BINARY, 'sandbox', 'up', engine, '--version', version, '--via', 'java'], {
            env: { ...process.env, TERMWEAVE_HOME: home },
          });
        const state = join(home, 'sandboxes', `${engine}-${version}.json`);
        const spawned = async () => {
          while (!existsSync(state)) await new Promise((resolve) => setTimeout(resolve, 20));
          return JSON.parse(await readFile(state, 'utf8'));
        };
        const killed = starting();
        const { nodes, data } = await spawned();
        killed.kill('SIGKILL');
        expect(isAlive(nodes[0].process.pid)).toBe(true);
        await sandbox('down');
        expect([isAlive(nodes[0].process.pid), existsSync(data)]).toEqual([false, false]);

        const under = starting();
        const ended = once(under, 'exit');
        const other = (await spawned()).nodes[0].process.pid;
        expect(await sandbox('down')).toMatchObject([{ nodes: [{ pid: other }] }]);
        expect([await ended, isAlive(other)]).toEqual([[0, null], false]);
      },
      STARTS_ENGINES_MS,
    );

    it(
      'leaves alone a process that only has the number of the one it started',
      async () => {
        const innocent = spawn('sleep', ['60']);
        const process_ = { pid: innocent.pid!, startedAt: 'long ago' };
        const data = join(home, 'stale-data');
        const url = 'http://127.0.0.1:1';
        await mkdir(join(home, 'sandboxes'), { recursive: true });
        await writeFile(
          join(home, 'sandboxes', `${engine}-${version}.json`),
          JSON.stringify({ engine, version, url, nodes: [{ url, process: process_ }], data, throwAway: true }),
        );
        await writeFile(join(home, 'sandboxes', 'torn.json'), '{"engine": "open');
        expect(await sandbox('status')).toMatchObject([{ running: false }]);
        await sandbox('down');
        expect(isAlive(innocent.pid!)).toBe(true);
        innocent.kill();
        expect(await sandbox('status')).toEqual([]);
        expect(await readFile(join(home, 'sandboxes', 'torn.json'), 'utf8')).toContain('open');
      },
      STARTS_ENGINES_MS,
    );
  },
  ({ engine }) => engine === 'opensearch',
);
