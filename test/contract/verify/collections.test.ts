import type { Dialect } from '../../../src/dialect/dialect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { evaluateRun } from '../../../src/evaluate/measures/evaluate-run.js';
import type { Run } from '../../../src/evaluate/measures/judgements.js';
import { parseMeasures } from '../../../src/evaluate/measures/parse-measure.js';
import type { TokenVector } from '../../../src/export/token-vector.js';
import { sparseQuery } from '../../../src/query/sparse-query.js';
import { SparseVector } from '../../../src/sparse/sparse-vector.js';
import { Vocabulary } from '../../../src/sparse/vocabulary.js';
import { verify } from '../../../src/verify/verify.js';
import { onEveryConnectedEngine } from '../../support/connected-engines.js';
import { type EncodedCollection, encodedCollection, onCollection } from '../../support/encoded-collection.js';
import { FIELD, indexVectors } from '../../support/vector-index.js';

const TOP = 100;
const TIMEOUT_MS = 900_000;
/** Measures of engine and exact ranking agree to four decimals, as tables of the field print them. */
const DECIMALS = 4;

for (const name of ['scifact', 'nfcorpus']) await onCollection(name, `verify on ${name}`, () => suiteFor(name));

function suiteFor(name: string): void {
  let collection: EncodedCollection;
  let vocabulary: Vocabulary;
  beforeAll(async () => {
    collection = await encodedCollection(name);
    const all = [...collection.documents, ...collection.queries];
    vocabulary = new Vocabulary([...new Set(all.flatMap(({ tokens }) => tokens))]);
  }, TIMEOUT_MS);

  onEveryConnectedEngine(`${name}, whole`, (engine) => {
    it(
      'has every score right to the last bit, and the measures of an exact dot product',
      async () => {
        const vectorOf = (one: TokenVector) => asVector(one, vocabulary);
        const ids = collection.documents.map(({ id }) => id);
        const { index, dialect } = await indexVectors(engine(), collection.documents.map(vectorOf), ids);
        const queries = collection.queries.map((one) => ({ id: one.id, vector: vectorOf(one) }));
        const report = await verify(engine(), index, queries, { dialect, field: FIELD, top: TOP });
        const engines = measured(await ask(engine(), index, dialect, queries), collection);
        const exact = measured(exactRun(collection, dialect), collection);
        process.stderr.write(
          `${name} on ${engine().version.flavour} ${engine().version.text}: ${JSON.stringify({ ...report, engines, exact })}\n`,
        );
        expect(report).toMatchObject({ queries: queries.length, documents: ids.length, disagreements: 0, maxUlp: 0 });
        expect(report.scores).toBeGreaterThan(queries.length * TOP * 0.9);
        expect(engines).toBeCloseTo(exact, DECIMALS);
        await engine().deleteIndex(index);
      },
      TIMEOUT_MS,
    );
  });
}

async function ask(
  engine: Engine,
  index: string,
  dialect: Dialect,
  queries: readonly { id: string; vector: SparseVector }[],
): Promise<Run> {
  const run = new Map<string, { id: string; score: number }[]>();
  for (const { id, vector } of queries) {
    const { query } = sparseQuery(vector, { dialect, field: FIELD });
    const { hits } = await engine.search(index, { query, size: TOP, _source: false });
    const ranking = hits.map((hit) => ({ id: hit.id, score: hit.score! }));
    run.set(id, ranking);
  }
  return run;
}

/** Dot products in float64 of what the index keeps of each weight: no code of the scorer, no engine. */
function exactRun({ documents, queries }: EncodedCollection, dialect: Dialect): Run {
  const stored = documents.map(({ id, tokens, weights }) => ({
    id,
    tokens,
    weights: weights.map((weight) => dialect.stored(dialect.sendable(Math.fround(weight)))),
  }));
  return new Map(
    queries.map(({ id, tokens, weights }) => {
      const asked = new Map(tokens.map((token, i) => [token, Math.fround(weights[i]!)]));
      const scored = stored.map((one) => ({
        id: one.id,
        score: one.tokens.reduce((sum, token, i) => sum + (asked.get(token) ?? 0) * one.weights[i]!, 0),
      }));
      return [id, scored.filter(({ score }) => score > 0)];
    }),
  );
}

function measured(run: Run, { qrels }: EncodedCollection): number {
  return evaluateRun(run, qrels, parseMeasures('nDCG@10'), 'id').means.get('nDCG@10')!;
}

function asVector({ tokens, weights }: TokenVector, vocabulary: Vocabulary): SparseVector {
  return SparseVector.fromTerms(vocabulary, Object.fromEntries(tokens.map((token, i) => [token, weights[i]!])));
}
