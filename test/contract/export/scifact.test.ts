import { join } from 'node:path';
import { evaluateRun } from '../../../src/evaluate/measures/evaluate-run.js';
import type { Qrels } from '../../../src/evaluate/measures/judgements.js';
import { parseMeasures } from '../../../src/evaluate/measures/parse-measure.js';
import { type FormatName, formats } from '../../../src/export/formats.js';
import { scale } from '../../../src/export/quantisation.js';
import type { TokenVector } from '../../../src/export/token-vector.js';
import { anseriniRun } from '../../support/anserini-run.js';
import { encodedCollection, onCollection } from '../../support/encoded-collection.js';
import { expectExactRun, parseRun } from '../../support/expect-exact-run.js';
import type { IntegerCollection } from '../../support/integer-vectors.js';
import { anserini, luceneExample, onSystem, output, tantivyExample, vespa } from '../../support/other-systems.js';
import { exportAll, inFreshFolder } from '../../support/token-vectors.js';

const DEPTH = 100;
const TIMEOUT_MS = 600_000;

const quantisation = scale(100);
let vectors: IntegerCollection;
let impacts: IntegerCollection;
let qrels: Qrels;

await onCollection('scifact', 'SciFact through every system', suites);

async function suites(): Promise<void> {
  beforeAll(async () => {
    const { documents, queries, ...judged } = await encodedCollection('scifact');
    qrels = judged.qrels;
    vectors = { name: 'SciFact', documents, queries };
    impacts = { name: 'SciFact x100', documents: documents.map(quantised), queries: queries.map(quantised) };
    expect([documents.length, queries.length]).toEqual([5183, 300]);
  }, TIMEOUT_MS);

  await onSystem('Anserini 1.5.0', anserini, (java) => {
    it(
      'ranks SciFact by the integer dot product, with our nDCG@10',
      async () => {
        const run = parseRun(await exported('anserini', (out, scratch) => anseriniRun(java, out, scratch, DEPTH)));
        expectExactRun(run, impacts, DEPTH);
        const theirs = ndcg(run);
        const [ours, unquantised] = [ndcg(rank(impacts)), ndcg(rank(vectors))];
        process.stderr.write(
          `SciFact nDCG@10: Anserini x100 ${theirs}, ours x100 ${ours}, ours unquantised ${unquantised}\n`,
        );
        expect(Math.abs(theirs - ours)).toBeLessThan(0.001);
        expect(Math.abs(theirs - unquantised)).toBeLessThan(0.001);
      },
      TIMEOUT_MS,
    );
  });

  await onSystem('Lucene 10.6.0', luceneExample, (java) => {
    it(
      'ranks SciFact by the integer dot product',
      async () => {
        const run = await exported('lucene', (out) => java.run('ExportedVectors', out, String(DEPTH)));
        expectExactRun(parseRun(run), impacts, DEPTH);
      },
      TIMEOUT_MS,
    );
  });

  await onSystem('Tantivy 0.27.0', tantivyExample, (program) => {
    it.each(['bits', 'impacts'])(
      'ranks SciFact by the integer dot product, by %s',
      async (way) => {
        const run = await exported('tantivy', (out) => output(program, [out, String(DEPTH), way]));
        expectExactRun(parseRun(run), impacts, DEPTH);
      },
      TIMEOUT_MS,
    );
  });

  await onSystem('Vespa 8.700.24 (all but the content node)', vespa, (java) => {
    it(
      'ranks SciFact by the integer dot product, both ways',
      async () => {
        const run = await exported('vespa', (out) => java.run('VespaCheck', out, String(DEPTH)));
        for (const tag of ['splade', 'impacts']) expectExactRun(parseRun(run, tag), impacts, DEPTH);
      },
      TIMEOUT_MS,
    );
  });
}

function exported(name: FormatName, use: (folder: string, scratch: string) => Promise<string>): Promise<string> {
  return inFreshFolder(async (scratch) => {
    const folder = join(scratch, 'out');
    await exportAll(vectors.documents, vectors.queries, { format: formats[name](), folder, quantisation });
    return use(folder, scratch);
  });
}

/** x100 as numpy has it, `rint(float32 * 100)`, apart from the code under test; nothing for what becomes 0. */
function quantised({ id, tokens, weights }: TokenVector): TokenVector {
  const impacts = weights.map((weight) => rint(Math.fround(weight) * 100));
  const kept = [...tokens.keys()].filter((i) => impacts[i]! > 0);
  return { id, tokens: kept.map((i) => tokens[i]!), weights: kept.map((i) => impacts[i]!) };
}

function rint(value: number): number {
  const up = Math.round(value);
  return up - value === 0.5 && up % 2 === 1 ? up - 1 : up;
}

function rank({ documents, queries }: IntegerCollection): Map<string, Map<string, number>> {
  return new Map(
    queries.map((query) => {
      const asked = new Map(query.tokens.map((token, i) => [token, query.weights[i]!]));
      const scored = documents.map(({ id, tokens, weights }) => {
        const score = tokens.reduce((sum, token, i) => sum + (asked.get(token) ?? 0) * weights[i]!, 0);
        return [id, score] as const;
      });
      return [query.id, new Map(scored.sort((a, b) => b[1] - a[1]).slice(0, DEPTH))];
    }),
  );
}

function ndcg(run: ReadonlyMap<string, ReadonlyMap<string, number>>): number {
  const rankings = new Map(
    [...run].map(([query, scores]) => [query, [...scores].map(([id, score]) => ({ id, score }))]),
  );
  return evaluateRun(rankings, qrels, parseMeasures('nDCG@10')).means.get('nDCG@10')!;
}
