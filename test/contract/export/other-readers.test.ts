import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../../src/engine/connect.js';
import { formats } from '../../../src/export/formats.js';
import { openSearchBody } from '../../../src/export/lucene/opensearch-body.js';
import { unquantised } from '../../../src/export/quantisation.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { expectExactRun } from '../../support/expect-exact-run.js';
import { integerCollections } from '../../support/integer-vectors.js';
import { onSystem, output, python } from '../../support/other-systems.js';
import { byToken, exportAll, inFreshFolder } from '../../support/token-vectors.js';

const [made] = integerCollections();
const { documents, queries } = made!;
const asSeen = (vectors: typeof documents) =>
  vectors.map((vector) => {
    const { id, terms } = byToken(vector);
    return { id, terms: Object.fromEntries(terms) };
  });

await onSystem('scipy 1.17.1, numpy and ciff-toolkit 0.2.2', python, (interpreter) => {
  const seenBy = (name: 'csr' | 'ciff') =>
    inFreshFolder(async (folder) => {
      await exportAll(documents, queries, { format: formats[name](), folder, quantisation: unquantised });
      return JSON.parse(await output(interpreter, ['test/contract/export/read_matrices.py', name, folder]));
    });

  it('read the same vectors from the .npz and the .csr', async () => {
    expect(await seenBy('csr')).toEqual({ documents: asSeen(documents), queries: asSeen(queries) });
  });

  it('read the same documents from the CIFF, its counts and order right', async () => {
    expect(await seenBy('ciff')).toEqual({ documents: asSeen(documents) });
  });
});

onEveryEngine(
  "Lucene's export under delimited_term_freq",
  (engine) => {
    it('scores the integer dot product', async () => {
      await using connected = await connect(await engine.url());
      const index = freshName('impacts');
      await connected.createIndex(index, openSearchBody());
      await inFreshFolder(async (folder) => {
        await exportAll(documents, queries, { format: formats.lucene(), folder, quantisation: unquantised });
        const lines = (file: string) =>
          readFileSync(join(folder, file), 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line));
        const writes = lines('documents/part-00000.jsonl').map(
          (source) => ({ kind: 'index', id: source.id, source }) as const,
        );
        const outcomes = await connected.bulk(index, writes);
        expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
        await connected.refresh(index);
        const run = new Map<string, Map<string, number>>();
        for (const { id, query } of lines('queries-opensearch.jsonl')) {
          const { hits } = await connected.search(index, { query, size: 1000, _source: false });
          run.set(id, new Map(hits.map((hit) => [hit.id, hit.score!])));
        }
        expectExactRun(run, made!, 1000);
      });
      await connected.deleteIndex(index);
    });
  },
  ({ engine }) => engine === 'opensearch',
);
