import { setTimeout as sleep } from 'node:timers/promises';
import { homeFolder } from '../../../src/cli/settings.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { DEFAULT_RETRY } from '../../../src/ingest/bulk/backoff.js';
import { writeForGood } from '../../../src/ingest/bulk/write-for-good.js';
import { type ReindexProgress, type ReindexResult, reindex } from '../../../src/ingest/reindex/reindex.js';
import type { ReindexOptions } from '../../../src/ingest/reindex/reindex-options.js';
import type { Refusal } from '../../../src/ingest/source.js';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { freshName, onEveryEngine, STARTS_ENGINES_MS } from '../../support/engines.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { call } from '../../support/http.js';
import { everything, filled } from '../../support/source-index.js';

/** How long the engine stands still. The long trial is `TERMWEAVE_TEST_STILL_SECONDS=60`. */
const STILL_MS = 1000 * Number(process.env.TERMWEAVE_TEST_STILL_SECONDS ?? 5);
const STORM_MS = 10_000;
const DOCUMENTS = 1000;
/** `1mb`, as engines count. */
const LIMIT = 1 << 20;

/** One write thread with room for one request, and requests of a megabyte at most. */
const SETTINGS = {
  'node.processors': '1',
  'thread_pool.write.queue_size': '1',
  'http.max_content_length': '1mb',
};

if (STILL_MS < 60_000) {
  process.stderr.write(`engines stand still for ${STILL_MS} ms; TERMWEAVE_TEST_STILL_SECONDS=60 runs the long trial\n`);
}

// A minute an engine: Elasticsearch 7 has the long trial alone.
onEveryEngine(
  'reindex, in a storm',
  ({ engine: name, version }) => {
    let sandbox: Sandbox;
    let engine: Engine;
    beforeAll(async () => {
      const options = {
        engine: name,
        version,
        heap: '512m',
        via: 'java',
        home: homeFolder(),
        settings: SETTINGS,
      } as const;
      sandbox = await startSandbox(options);
      engine = await connect(sandbox.url);
    }, STARTS_ENGINES_MS);
    afterAll(async () => {
      await engine?.[Symbol.asyncDispose]();
      await sandbox?.stop();
    });

    /** Reindexes, with something done after the first report. */
    async function run(source: string, to: string, disturb: () => unknown, options: Partial<ReindexOptions> = {}) {
      const all = { encoder: hashingEncoder(), textFields: ['text'], batchBytes: 8000, ...options, to };
      let last: ReindexProgress | undefined;
      for await (const report of reindex(engine, source, all)) {
        if (report.done) return { result: report as ReindexResult, last: last! };
        if (!last) await disturb();
        last = report;
      }
      throw new Error('it ended without a result');
    }

    it(
      'waits while the engine stands still, and goes on',
      async () => {
        const [source, to] = [await filled(engine, DOCUMENTS), freshName('copy')];
        const { pid } = sandbox.nodes[0]!;
        const began = Date.now();
        const { result } = await run(source, to, () => {
          process.kill(pid!, 'SIGSTOP');
          setTimeout(() => process.kill(pid!, 'SIGCONT'), STILL_MS);
        });
        expect(Date.now() - began).toBeGreaterThan(STILL_MS);
        expect(result).toMatchObject({ documents: DOCUMENTS, failed: 0, verified: true });
        expect(await everything(engine, to)).toEqual(await everything(engine, source));
      },
      STARTS_ENGINES_MS,
    );

    it(
      'goes on after the engine was killed and came back',
      async () => {
        const [source, to] = [await filled(engine, DOCUMENTS), freshName('copy')];
        const { result } = await run(source, to, async () => {
          await sandbox.killNode(0);
          setTimeout(() => void sandbox.startNode(0), 1000);
        });
        expect(result).toMatchObject({ documents: DOCUMENTS, failed: 0, verified: true });
        expect(await everything(engine, to)).toEqual(await everything(engine, source));
      },
      STARTS_ENGINES_MS,
    );

    it(
      'goes on, slower, when the engine refuses more than it can take',
      async () => {
        const [source, to] = [await filled(engine, DOCUMENTS), freshName('copy')];
        const storm = AbortSignal.timeout(STORM_MS);
        const other = Promise.all(Array.from({ length: 4 }, () => writeUntil(sandbox.url, storm)));
        const { result, last } = await run(source, to, () => sleep(500), { concurrency: 8, batchBytes: 30_000 });
        await other;
        expect(last.retries).toBeGreaterThan(0);
        expect(result).toMatchObject({ documents: DOCUMENTS, failed: 0, verified: true });
        expect(await everything(engine, to)).toEqual(await everything(engine, source));
      },
      STARTS_ENGINES_MS,
    );

    it(
      'stops at a disk that is full, says so, and goes on when the block is gone',
      async () => {
        const [source, to] = [await filled(engine, DOCUMENTS), freshName('copy')];
        const block = (value: boolean | null) =>
          call(sandbox.url, 'PUT', `/${to}/_settings`, { index: { blocks: { read_only_allow_delete: value } } });
        const blocked = run(source, to, () => block(true));
        await expect(blocked).rejects.toMatchObject({
          code: 'INDEX_BLOCKED',
          remedy: expect.stringMatching('disk space'),
        });
        await block(null);
        const { result } = await run(source, to, () => undefined);
        expect(result).toMatchObject({ documents: DOCUMENTS, failed: 0, verified: true });
        expect(await everything(engine, to)).toEqual(await everything(engine, source));
      },
      STARTS_ENGINES_MS,
    );

    it(
      'puts a document beyond the limit of a request into the dead letters, and brings the rest',
      async () => {
        const [source, to] = [await filled(engine, 50), freshName('copy')];
        // It fits as it is, and no more with a vector of a hundred entries.
        const text = Array.from({ length: 300 }, (_, word) => `w${word}`).join(' ');
        const blob = 'x'.repeat(LIMIT - 500 - text.length);
        const nearly = { kind: 'index' as const, id: 'nearly', source: { text, blob } };
        expect(await writeForGood(engine, source, [nearly], { retry: DEFAULT_RETRY })).toMatchObject([{ ok: true }]);
        await engine.refresh(source);
        const refusals: Refusal[] = [];
        const deadLetters = {
          put: async (some: readonly Refusal[]) => void refusals.push(...some),
          [Symbol.asyncDispose]: async () => {},
        };
        const { result } = await run(source, to, () => undefined, { deadLetters, batchBytes: 4_000_000 });
        expect(result).toMatchObject({ documents: 50, failed: 1, verified: true });
        expect(refusals).toMatchObject([{ id: 'nearly', status: 413 }]);
      },
      STARTS_ENGINES_MS,
    );
  },
  ({ version }) => STILL_MS >= 60_000 || !version.startsWith('7.'),
);

/** Someone else who writes as fast as the engine takes it. */
async function writeUntil(url: string, signal: AbortSignal): Promise<void> {
  const index = freshName('other');
  const line = `${JSON.stringify({ index: {} })}\n${JSON.stringify({ text: 'some words '.repeat(50) })}\n`;
  while (!signal.aborted) {
    await fetch(`${url}/${index}/_bulk`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: line.repeat(300),
    }).then((response) => response.arrayBuffer());
  }
}
