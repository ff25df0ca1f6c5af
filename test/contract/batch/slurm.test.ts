import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { homeFolder } from '../../../src/cli/settings.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { batchPassages, expectSameDocuments, PASSAGES } from '../../support/batch-passages.js';
import { termweave } from '../../support/command-line.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { parentOf, processesWith } from '../../support/process-tree.js';
import { isAlive } from '../../support/processes.js';
import { slurmConfiguration } from '../../support/slurm-configuration.js';
import { sourcesOf } from '../../support/source-index.js';

/** Needs Debian's slurm-wlm and munge, and root. */
const asked = process.env.TERMWEAVE_TEST_SLURM === '1';
const TASKS = 4;

if (!asked) {
  process.stderr.write(
    'LEFT OUT examples/slurm on two nodes: needs TERMWEAVE_TEST_SLURM=1, slurm-wlm, munge and root\n',
  );
  it.skip('examples/slurm on two nodes', () => undefined);
}

onEveryEngine(
  `examples/slurm on two nodes, ${PASSAGES} passages`,
  ({ url }) => {
    const folder = mkdtempSync(join(tmpdir(), 'termweave-slurm-'));
    const env: NodeJS.ProcessEnv = { ...process.env, SLURM_CONF: join(folder, 'slurm.conf'), NODE_OPTIONS: '' };
    const run = (program: string, ...args: string[]) => execFileSync(program, args, { env, encoding: 'utf8' }).trim();
    const pidOf = (daemon: string) => Number(readFileSync(join(folder, `${daemon}.pid`), 'utf8'));
    const isStarted = (daemon: string) => existsSync(join(folder, `${daemon}.pid`));
    let engine: Engine;

    beforeAll(async () => {
      engine = await connect(await url());
      for (const made of ['state', 'bin']) mkdirSync(join(folder, made));
      writeFileSync(join(folder, 'munge.key'), crypto.getRandomValues(new Uint8Array(1024)), { mode: 0o400 });
      writeFileSync(join(folder, 'slurm.conf'), slurmConfiguration(folder, hostname().split('.')[0]!));
      const shim = `#!/bin/sh\nexec '${process.execPath}' '${resolve('bin/termweave.js')}' "$@"\n`;
      writeFileSync(join(folder, 'bin/termweave'), shim, { mode: 0o755 });
      const at = (name: string) => join(folder, name);
      const files = ['key', 'pid'].map((name) => `--${name}-file=${at(`munge.${name}`)}`);
      run(
        'munged',
        ...files,
        `--socket=${at('munge.sock')}`,
        `--log-file=${at('munge.log')}`,
        `--seed-file=${at('munge.seed')}`,
        '--force',
      );
      run('slurmctld');
      for (const node of ['n1', 'n2']) run('slurmd', '-N', node);
    }, 120_000);
    afterAll(async () => {
      await engine?.[Symbol.asyncDispose]();
      const running = ['slurmd-n1', 'slurmctld', 'munge'].filter(isStarted).map(pidOf).filter(isAlive);
      for (const pid of running) process.kill(pid, 'SIGTERM');
      while (running.some(isAlive)) await sleep(50);
      rmSync(folder, { recursive: true, force: true });
    });

    it('makes the copy, a node lost midway: that of one process, document by document', async () => {
      const [source, alone, copy] = [freshName('source'), freshName('alone'), freshName('slurm')];
      // The tasks' programs find all they need in their environment, as sbatch hands it on.
      const reach = { TERMWEAVE_URL: await url(), TERMWEAVE_HOME: homeFolder() };
      await fill(source);
      const words = ['--text', 'title,text', '--workers', '2', '--json'];
      const began = performance.now();
      const one = await termweave(['reindex', source, '--to', alone, ...words], { env: reach });
      const secondsAlone = (performance.now() - began) / 1000;
      expect(one.exitCode).toBe(0);

      Object.assign(env, reach, {
        SOURCE: source,
        COPY: copy,
        TEXT: 'title,text',
        PATH: `${join(folder, 'bin')}:${env.PATH}`,
      });
      const here = [
        `--array=1-${TASKS}`,
        '--cpus-per-task=1',
        '--mem=1500M',
        `--output=${join(folder, 'task-%a.log')}`,
      ];
      const submitted = performance.now();
      const job = run('sbatch', '--parsable', ...here, `--chdir=${folder}`, 'examples/slurm/reindex.sbatch');
      const written = await lostNode(copy);
      while (run('squeue', '--noheader', `--jobs=${job}`) !== '') await sleep(200);
      const seconds = (performance.now() - submitted) / 1000;

      const logs = Array.from({ length: TASKS }, (_, i) => readFileSync(join(folder, `task-${i + 1}.log`), 'utf8'));
      const ends = logs.map((log) => JSON.parse(log.trim().split('\n').at(-1)!));
      expect(ends).toEqual(ends.map(() => expect.objectContaining({ done: true, failed: 0 })));
      expect(ends.filter(({ verified }) => verified)).toHaveLength(1);
      expect(written).toBeLessThan(PASSAGES);
      const same = expectSameDocuments(await sourcesOf(engine, copy), await sourcesOf(engine, alone));
      process.stderr.write(
        `slurm: ${PASSAGES} passages, a node lost after ${written}: ${seconds.toFixed(1)} s; one process of two threads: ${secondsAlone.toFixed(1)} s; ${same} documents the same to the bit\n`,
      );
    }, 600_000);

    /** Kills a node once the copy has some of the documents: its daemon, and the steps of its tasks with all below them. @returns how many there were. */
    async function lostNode(copy: string): Promise<number> {
      for (;;) {
        const count = await countOf(copy);
        if (count > PASSAGES / 20) {
          const running = processesWith('SLURMD_NODENAME', 'n2');
          expect(running).not.toEqual([]);
          const steps = new Set(running.map((pid) => parentOf(pid)!));
          for (const pid of new Set([pidOf('slurmd-n2'), ...steps, ...running])) process.kill(pid, 'SIGKILL');
          return count;
        }
        await sleep(50);
      }
    }

    const countOf = (index: string) =>
      engine.refresh(index).then(
        () => engine.count(index),
        () => 0,
      );

    async function fill(index: string): Promise<void> {
      await engine.createIndex(index, { mappings: { properties: { text: { type: 'text' } } } });
      const writes = batchPassages().map((line) => {
        const { _id, ...source } = JSON.parse(line);
        return { kind: 'index' as const, id: _id, source };
      });
      for (let i = 0; i < writes.length; i += 1000) {
        const outcomes = await engine.bulk(index, writes.slice(i, i + 1000));
        expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
      }
      await engine.refresh(index);
    }
  },
  ({ engine }) => asked && engine === 'opensearch',
);
