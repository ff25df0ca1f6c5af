import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { homeFolder } from '../../../src/cli/settings.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { findJdk } from '../../../src/sandbox/find-jdk.js';
import { batchPassages, expectSameDocuments, PASSAGES } from '../../support/batch-passages.js';
import { termweave } from '../../support/command-line.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { descendantsOf } from '../../support/process-tree.js';
import { sourcesOf } from '../../support/source-index.js';

/** The folder of `spark-submit`, as `pip install pyspark==3.5.3` in a virtual environment makes it: `TERMWEAVE_TEST_SPARK=/venv/bin`. */
const bin = process.env.TERMWEAVE_TEST_SPARK;
const PARTITIONS = 4;

if (!bin) {
  process.stderr.write(
    'LEFT OUT examples/spark on two workers: needs TERMWEAVE_TEST_SPARK, the folder of spark-submit\n',
  );
  it.skip('examples/spark on two workers', () => undefined);
}

onEveryEngine(
  `examples/spark on two workers, ${PASSAGES} passages`,
  ({ url }) => {
    const folder = mkdtempSync(join(tmpdir(), 'termweave-spark-'));
    const corpus = join(folder, 'corpus.jsonl');
    const lines = batchPassages();
    let engine: Engine;
    beforeAll(async () => {
      writeFileSync(corpus, `${lines.join('\n')}\n`);
      // Installed where only PATH leads, as most are.
      const program = `#!/bin/sh\nexec "${process.execPath}" "${resolve('bin/termweave.js')}" "$@"\n`;
      writeFileSync(join(folder, 'termweave'), program, { mode: 0o755 });
      engine = await connect(await url());
    }, 120_000);
    afterAll(async () => {
      await engine?.[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Submits the example; `whileRunning` gets the driver's process id. @returns how it ended, and after how many seconds. */
    async function submit(args: readonly string[], whileRunning?: (driver: number) => Promise<void>) {
      const jdk = await findJdk({ from: 17, to: 17 });
      const local = ['spark.ui.enabled=false', 'spark.driver.bindAddress=127.0.0.1', 'spark.driver.host=127.0.0.1'];
      const words = ['--master', 'local-cluster[2,1,1024]', ...local.flatMap((one) => ['--conf', one])];
      const began = performance.now();
      const child = spawn(
        join(bin!, 'spark-submit'),
        [...words, resolve('examples/spark/encode.py'), corpus, ...args],
        {
          cwd: folder,
          env: {
            ...process.env,
            PATH: `${folder}:${bin}:${process.env.PATH}`,
            JAVA_HOME: jdk.home,
            SPARK_LOCAL_IP: '127.0.0.1',
            TERMWEAVE_URL: await url(),
            TERMWEAVE_HOME: homeFolder(),
            NODE_OPTIONS: '',
          },
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      );
      let log = '';
      child.stderr.on('data', (data) => {
        log += data;
      });
      const ended = once(child, 'close');
      await whileRunning?.(child.pid!);
      const [exitCode] = await ended;
      return { exitCode, log: exitCode === 0 ? '' : log.slice(-4000), seconds: (performance.now() - began) / 1000 };
    }

    /** Kills a worker's Java process once the index has some of the documents. @returns how many it had. */
    async function killWorker(driver: number, index: string): Promise<number> {
      for (;;) {
        const count = await engine.refresh(index).then(
          () => engine.count(index),
          () => 0,
        );
        if (count > PASSAGES / 20) {
          const worker = descendantsOf(driver).find(({ command }) => command.includes('CoarseGrainedExecutorBackend'))!;
          process.kill(worker.pid, 'SIGKILL');
          return count;
        }
        await sleep(50);
      }
    }

    it('fills an index, a worker killed midway: that of one process, document by document', async () => {
      const [alone, index] = [freshName('alone'), freshName('spark')];
      const began = performance.now();
      const one = await termweave(['index', corpus, '--index', alone, '--workers', '2', '--json'], {
        env: { TERMWEAVE_URL: await url(), TERMWEAVE_HOME: homeFolder() },
      });
      const secondsAlone = (performance.now() - began) / 1000;
      expect([one.exitCode, JSON.parse(one.stdout)]).toMatchObject([0, { indexed: PASSAGES, failed: 0 }]);

      const args = ['--index', index, '--partitions', String(PARTITIONS)];
      let written = 0;
      const { exitCode, log, seconds } = await submit(args, async (driver) => {
        written = await killWorker(driver, index);
      });
      expect([exitCode, log]).toEqual([0, '']);
      expect(written).toBeLessThan(PASSAGES);
      await engine.refresh(index);
      const same = expectSameDocuments(await sourcesOf(engine, index), await sourcesOf(engine, alone));
      process.stderr.write(
        `spark: ${PASSAGES} passages, a worker killed after ${written}: ${seconds.toFixed(1)} s; one process of two threads: ${secondsAlone.toFixed(1)} s; ${same} documents the same to the bit\n`,
      );
    }, 600_000);

    it('pipes lines to vectors, in order, as one process gives them', async () => {
      const target = join(folder, 'vectors');
      const input = `${lines.join('\n')}\n`;
      const asked = ['encode', '--jsonl', '--text', 'title,text', '--workers', '2'];
      const one = await termweave(asked, { input, env: { TERMWEAVE_HOME: homeFolder() } });
      expect(one.exitCode).toBe(0);
      const { exitCode, log, seconds } = await submit([target, '--partitions', String(PARTITIONS)]);
      expect([exitCode, log]).toEqual([0, '']);
      const parts = readdirSync(target)
        .filter((name) => name.startsWith('part-'))
        .sort();
      const piped = parts.map((name) => readFileSync(join(target, name), 'utf8')).join('');
      const byId = (text: string) =>
        new Map(
          text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line))
            .map(({ _id, ...rest }) => [_id, rest] as const),
        );
      expect([...byId(piped).keys()]).toEqual([...byId(one.stdout).keys()]);
      const same = expectSameDocuments(byId(piped), byId(one.stdout), 'terms');
      process.stderr.write(
        `spark, rdd.pipe: ${seconds.toFixed(1)} s, ${same} of ${PASSAGES} lines the same to the bit\n`,
      );
    }, 600_000);
  },
  ({ engine }) => Boolean(bin) && engine === 'opensearch',
);
