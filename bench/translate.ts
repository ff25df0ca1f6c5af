/**
 * How long does `translate` take, vectors at hand? Microseconds, p50 and p95, for a one-clause body, a search page's body (multi_match, filters, facets,
 * highlight) and one of 24 clauses, on both dialects; and the survey for texts (`textsIn`) alone.
 *
 * Vectors are drawn with 50 terms, about what SPLADE gives a question. Traps: a body that is translated again and again is kept in caches that a
 * server's are not, so bodies are parsed anew for each round (the parsing is not measured); encoding is not measured here.
 *
 *   npm run build && node bench/run.mjs translate
 */
import { engineVersion } from '../src/dialect/engine-version.js';
import { esSparseVector } from '../src/dialect/es-sparse-vector.js';
import { rankFeatures } from '../src/dialect/rank-features.js';
import { textsIn, translate } from '../src/query/translation/translate.js';
import { SparseVector } from '../src/sparse/sparse-vector.js';
import { Vocabulary } from '../src/sparse/vocabulary.js';
import { figure } from './figures.js';

const TERMS = 50;
const ROUNDS = 3_000;
const vocabulary = new Vocabulary(Array.from({ length: 30_522 }, (_, i) => `token${i}`));

const page = {
  query: {
    bool: {
      must: [{ multi_match: { query: 'how does a fox hunt', fields: ['title^2', 'body'] } }],
      filter: [{ term: { tag: 'red' } }, { range: { year: { gte: 1990 } } }, { terms: { place: ['a', 'b', 'c'] } }],
    },
  },
  aggs: { tags: { terms: { field: 'tag' } }, years: { histogram: { field: 'year', interval: 10 } } },
  highlight: { fields: { title: {}, body: {} } },
  from: 20,
  size: 10,
};
const many = {
  query: { bool: { should: Array.from({ length: 24 }, (_, i) => ({ match: { title: `text number ${i}` } })) } },
};
const BODIES = {
  'one clause': { query: { match: { title: 'how does a fox hunt' } } },
  'search page': page,
  '24 clauses': many,
};

function drawn(seed: number): SparseVector {
  const ids = Uint32Array.from({ length: TERMS }, (_, i) => i * 600 + ((seed * 31 + i * 7) % 599));
  return new SparseVector(
    vocabulary,
    ids,
    Float32Array.from(ids, (id) => ((id * 2654435761) % 997) / 400 + 0.01),
  );
}

function percentiles(title: string, run: (body: unknown) => unknown, body: unknown): string {
  const written = JSON.stringify(body);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const fresh = JSON.parse(written);
    const started = performance.now();
    run(fresh);
    times.push((performance.now() - started) * 1000);
  }
  const sorted = times.slice(ROUNDS / 10).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * sorted.length)]!;
  figure(`${title}, p50`, at(0.5), 'us', 'less');
  return `p50 ${at(0.5).toFixed(0).padStart(6)}  p95 ${at(0.95).toFixed(0).padStart(6)} us`;
}

const model = { id: 'drawn', weights: '0', pooling: 'max', precision: 'float32', maxTokens: 256, compiler: 1 };
const vectors = { splade: { from: ['title', 'body'], pruning: 'none' } };
for (const dialect of [rankFeatures, esSparseVector(engineVersion('elasticsearch', '9.5.3'))]) {
  const plan = { format: 1, model, vocabulary: vocabulary.fingerprint, dialect: dialect.name, vectors } as const;
  for (const [name, body] of Object.entries(BODIES)) {
    const given = new Map(textsIn(body, { plan }).map((text, i) => [text, drawn(i)]));
    for (const [verb, run] of Object.entries({
      translate: (fresh: unknown) => translate(fresh, { plan, dialect }, given),
      textsIn: (fresh: unknown) => textsIn(fresh, { plan }),
    })) {
      const title = `${dialect.name}, ${name}, ${verb}`;
      console.log(title.padEnd(42), percentiles(title, run, body));
    }
  }
}
