import { homeFolder } from '../../../src/cli/settings.js';
import { connect } from '../../../src/engine/connect.js';
import { reindex } from '../../../src/ingest/reindex/reindex.js';
import { startSandbox } from '../../../src/sandbox/start-sandbox.js';
import { freshName, onEveryEngine, STARTS_ENGINES_MS } from '../../support/engines.js';
import { hashingEncoder } from '../../support/hashing-encoder.js';
import { everything, filled } from '../../support/source-index.js';

const NODES = 3;
const DOCUMENTS = 2000;
const AWAY_MS = 5000;
const asked = process.env.TERMWEAVE_TEST_LOST_NODE === '1';

if (!asked) {
  process.stderr.write('LEFT OUT a node lost during reindex: needs TERMWEAVE_TEST_LOST_NODE=1\n');
  it.skip('reindex, a node lost', () => undefined);
}

onEveryEngine(
  'reindex, a node lost',
  ({ engine: name, version }) => {
    it.each([1, 2])(
      'loses nothing when node %i of three is killed and comes back',
      async (lost) => {
        const options = { engine: name, version, nodes: NODES, heap: '384m', via: 'java', home: homeFolder() } as const;
        await using sandbox = await startSandbox(options);
        await using engine = await connect(sandbox.nodes.map(({ url }) => url).join(','));
        const [source, to] = [await filled(engine, DOCUMENTS), freshName('copy')];
        await engine.request({
          method: 'PUT',
          path: `/${source}/_settings`,
          body: { index: { number_of_replicas: 1 } },
        });
        const green = { wait_for_status: 'green', timeout: '50s' };
        await engine.request({ method: 'GET', path: `/_cluster/health/${source}`, query: green });
        const all = { encoder: hashingEncoder(), textFields: ['text'], batchBytes: 8000, to };
        let back: Promise<void> | undefined;
        for await (const report of reindex(engine, source, all)) {
          if (report.done) expect(report).toMatchObject({ documents: DOCUMENTS, failed: 0, verified: true });
          if (back) continue;
          await sandbox.killNode(lost);
          back = new Promise((done) => setTimeout(done, AWAY_MS)).then(() => sandbox.startNode(lost));
        }
        await back;
        expect(await everything(engine, to)).toEqual(await everything(engine, source));
      },
      2 * STARTS_ENGINES_MS,
    );
  },
  () => asked,
);
