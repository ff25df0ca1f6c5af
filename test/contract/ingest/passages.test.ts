import { passagesIn, type StoredPassage, type StoredVector } from '../../../src/dialect/kept-passages.js';
import { storedFeatures } from '../../../src/dialect/stored-features.js';
import type { Encoder } from '../../../src/encoder/encoder.js';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { dumpIndex } from '../../../src/ingest/dump-index.js';
import { addVectors } from '../../../src/ingest/in-place/add-vectors.js';
import { reindex } from '../../../src/ingest/reindex/reindex.js';
import { sync } from '../../../src/ingest/reindex/sync.js';
import { vectorsAgree } from '../../../src/ingest/reindex/vectors-agree.js';
import type { Refusal } from '../../../src/ingest/source.js';
import { textsIn, translate } from '../../../src/query/translation/translate.js';
import { SparseIndex } from '../../../src/retrieve/sparse-index.js';
import { verify } from '../../../src/verify/verify.js';
import { collect } from '../../support/collect.js';
import { countedEncoder } from '../../support/counted-encoder.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { run } from '../../support/source-index.js';
import { tinyEncoder } from '../../support/tiny-encoder.js';

/** Five tokens each; a line ends a sentence. */
const SENTENCES = [
  'the cat sat on.',
  'mat search engine river.',
  'river sat on mat.',
  'engine on the cat.',
  'cats on mat.',
];
/** Two sentences and the special tokens around them; one sentence is repeated. */
const PASSAGES = { tokens: 12, overlap: 5 };
const KEPT = { ...PASSAGES, kept: true };
const DOCUMENTS = 30;
const QUERIES = ['river mat', 'the cat sat', 'search engine', 'sat on mat river'];

/** Of document `i`, `i` sentences: none, one, two, ... and more than the model takes at once. */
function sentencesOf(i: number): string[] {
  return Array.from({ length: i }, (_, at) => SENTENCES[(i * i + at * at) % SENTENCES.length]!);
}

/** Sentences two by two, as the limit of tokens has it. */
function passagesOf(sentences: readonly string[]): string[] {
  if (sentences.length < 2) return [...sentences];
  return sentences.slice(1).map((sentence, i) => `${sentences[i]}\n${sentence}`);
}

onEveryEngine('long texts', ({ url }) => {
  let tiny: Awaited<ReturnType<typeof tinyEncoder>>;
  let engine: Engine;
  let encoder: Encoder;
  beforeAll(async () => {
    tiny = await tinyEncoder();
    encoder = tiny.encoder;
    engine = await connect(await url());
  }, 120_000);
  afterAll(async () => {
    await engine?.[Symbol.asyncDispose]();
    await tiny?.[Symbol.asyncDispose]();
  });

  async function write(index: string, numbers: readonly number[], change = {}): Promise<void> {
    const sources = numbers.map((i) => ({
      title: `cat ${SENTENCES[i % 5]}`,
      text: sentencesOf(i).join('\n'),
      ...change,
    }));
    const outcomes = await engine.bulk(
      index,
      sources.map((source, i) => ({ kind: 'index', id: `d${numbers[i]}`, source })),
    );
    expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
    await engine.refresh(index);
  }

  async function filled(settings = {}): Promise<string> {
    const index = freshName('long');
    const properties = { title: { type: 'text' }, text: { type: 'text' } };
    const shards = { number_of_shards: 2, number_of_replicas: 0 };
    await engine.createIndex(index, { settings: { ...shards, ...settings }, mappings: { properties } });
    await write(index, [...Array(DOCUMENTS).keys()]);
    return index;
  }

  /** A vector field of every document, by id. */
  async function stored(index: string, field: string): Promise<Map<string, unknown>> {
    await engine.refresh(index);
    const documents = await collect(dumpIndex(engine, index));
    return new Map(documents.map((document) => [String(document._id), document[field]]));
  }

  /** The vectors that texts have by themselves, as an index keeps them. */
  async function alone(texts: readonly string[], index: SparseIndex): Promise<StoredVector[]> {
    const encoded = await encoder.encode(texts);
    return encoded.map(({ vector }) => storedFeatures(vector, index.dialect));
  }

  async function mustVerify(to: string, field: string): Promise<SparseIndex> {
    const index = await SparseIndex.open(engine, to, { field });
    const encoded = await encoder.encode(QUERIES, { as: 'query' });
    const queries = encoded.map(({ vector }, i) => ({ id: QUERIES[i]!, vector }));
    const report = await verify(engine, to, queries, { dialect: index.dialect, field, top: 20 });
    expect(report).toMatchObject({ documents: DOCUMENTS, disagreements: 0 });
    expect(report.scores).toBeGreaterThan(40);
    for (const { vector } of queries) {
      const { hits } = await index.search(vector, { size: 20 });
      expect(hits.length).toBe(20);
      for (const { score, terms } of hits)
        expect(Math.fround(terms.reduce((sum, { product }) => sum + product, 0))).toBeCloseTo(score, 4);
    }
    return index;
  }

  /** Nothing that is unchanged is encoded; what changed is. */
  async function mustSync(source: string, to: string, texts: number): Promise<void> {
    const counted = countedEncoder(encoder);
    const nothing = { added: 0, updated: 0, deleted: 0, failed: 0, kept: 0 };
    expect(await sync(engine, source, to, { encoder: counted })).toEqual({ ...nothing, unchanged: DOCUMENTS });
    expect(counted.encoded).toBe(0);
    await write(source, [7], { text: SENTENCES.slice(0, 3).join('\n') });
    const changed = await sync(engine, source, to, { encoder: counted });
    expect(changed).toEqual({ ...nothing, updated: 1, unchanged: DOCUMENTS - 1 });
    expect(counted.encoded).toBe(texts);
  }

  it('in passages: the vector is the maximum of theirs, is found, verified, and made once', async () => {
    const [source, to] = [await filled(), freshName('maximum')];
    const result = await run(engine, source, { to, encoder, passages: PASSAGES });
    expect(result).toMatchObject({ documents: DOCUMENTS, failed: 0, verified: true });
    const index = await mustVerify(to, 'splade');
    const vectors = await stored(to, 'splade');
    for (let i = 1; i < DOCUMENTS; i++) {
      const parts = await alone(passagesOf(sentencesOf(i)), index);
      expect([i, vectorsAgree(vectors.get(`d${i}`) as StoredVector, maximumOf(parts))]).toEqual([i, true]);
    }
    expect(vectors.get('d0')).toEqual({});
    const [cut] = await alone([sentencesOf(29).join('\n')], index);
    expect(vectorsAgree(vectors.get('d29') as StoredVector, cut!)).toBe(false);
    await mustSync(source, to, 1);
  });

  it('field by field: each vector is that of its text, is found, verified, and made once', async () => {
    const [source, to] = [await filled(), freshName('fields')];
    const options = { to, encoder, textFields: ['title', 'text'], perField: true };
    expect(await run(engine, source, options)).toMatchObject({ documents: DOCUMENTS, failed: 0, verified: true });
    for (const name of ['title', 'text']) {
      const index = await mustVerify(to, `splade_${name}`);
      const vectors = await stored(to, `splade_${name}`);
      for (const [id, text] of await stored(source, name)) {
        const [expected] = text === '' ? [{}] : await alone([String(text)], index);
        expect([id, vectorsAgree(vectors.get(id) as StoredVector, expected!)]).toEqual([id, true]);
      }
    }
    await mustSync(source, to, 2);
  });

  it('in passages that are kept: each has its words and its vector, the best one scores and is shown', async () => {
    const [source, to] = [await filled(), freshName('kept')];
    const result = await run(engine, source, { to, encoder, passages: KEPT });
    expect(result).toMatchObject({ documents: DOCUMENTS, failed: 0, verified: true });
    expect(result.scores).toBeGreaterThan(40);
    const index = await mustVerify(to, 'splade');
    const kept = await stored(to, 'splade');
    for (let i = 0; i < DOCUMENTS; i++) {
      const passages = kept.get(`d${i}`) as StoredPassage[];
      expect(passages.map(({ text }) => text)).toEqual(passagesOf(sentencesOf(i)));
      const expected = await alone(passagesOf(sentencesOf(i)), index);
      expect(passages.map(({ vector }, at) => vectorsAgree(vector, expected[at]!))).not.toContain(false);
    }
    await mustShowBest(index, kept);
    await mustSync(source, to, 1);
    const other = run(engine, source, { to, encoder, passages: PASSAGES });
    await expect(other).rejects.toMatchObject({ code: 'PLAN_DIFFERS', stored: '12/5, kept' });
  });

  /** The translated body finds what `search` finds, and its first inner hit is the passage that `search` names. */
  async function mustShowBest(index: SparseIndex, kept: ReadonlyMap<string, unknown>): Promise<void> {
    const body = { query: { bool: { should: [{ match: { text: QUERIES[0]! } }, { match: { text: QUERIES[1]! } }] } } };
    const [first, second] = await encoder.encode(QUERIES.slice(0, 2), { as: 'query' });
    expect(textsIn(body, index)).toEqual(QUERIES.slice(0, 2));
    const vectors = new Map([
      [QUERIES[0]!, first!.vector],
      [QUERIES[1]!, second!.vector],
    ]);
    const both = await engine.search(index.name, translate(body, index, vectors).body);
    expect(Object.keys(both.hits[0]!.raw.inner_hits as object).sort()).toEqual(['splade', 'splade_2']);
    const one = { query: { match: { text: QUERIES[0]! } }, size: 20 };
    const { hits } = await engine.search(index.name, translate(one, index, vectors).body);
    const found = await index.search(first!.vector, { size: 20 });
    expect(hits.map(({ id, score }) => [id, score])).toEqual(found.hits.map(({ id, score }) => [id, score]));
    for (const [i, { id, score, raw }] of hits.entries()) {
      const [best] = (raw.inner_hits as InnerHits).splade.hits.hits;
      expect(Math.fround(best!._score)).toBe(score);
      const texts = passagesIn(kept.get(id)).map(({ text }) => text);
      expect(texts).toContain(best!._source.text);
      expect(best!._source).toEqual({ text: texts[best!._nested.offset] });
      expect(texts).toContain(found.hits[i]!.passage);
    }
  }

  it('in passages that are kept: ended midway it goes on, in place it is the same, and too many are refused by name', async () => {
    const [source, to] = [await filled({ 'index.mapping.nested_objects.limit': 20 }), freshName('limited')];
    const controller = new AbortController();
    const interrupted = (async () => {
      const options = {
        to,
        encoder,
        textFields: ['text'],
        passages: KEPT,
        batchBytes: 2000,
        signal: controller.signal,
      };
      for await (const report of reindex(engine, source, options)) {
        if (!report.done && report.indexed > 3) controller.abort(new Error('enough'));
      }
    })();
    await expect(interrupted).rejects.toThrow('enough');
    const refusals: Refusal[] = [];
    const put = async (some: readonly Refusal[]) => void refusals.push(...some);
    const deadLetters = { put, [Symbol.asyncDispose]: async () => {} };
    const result = await run(engine, source, { to, encoder, passages: KEPT, deadLetters });
    expect(result).toMatchObject({ failed: 8, documents: DOCUMENTS - 8, verified: true });
    expect(refusals.map(({ id }) => id).sort()).toEqual([22, 23, 24, 25, 26, 27, 28, 29].map((i) => `d${i}`));
    for (const { reason } of refusals) expect(reason).toContain('index.mapping.nested_objects.limit');
    const own = await filled();
    for await (const report of addVectors(engine, own, { encoder, textFields: ['text'], passages: KEPT }))
      if (report.done) expect(report).toMatchObject({ documents: DOCUMENTS, verified: true });
    const [copied, added] = [await stored(to, 'splade'), await stored(own, 'splade')];
    for (const [id, passages] of copied)
      expect([id, (passages as StoredPassage[]).map(({ text }) => text)]).toEqual([
        id,
        (added.get(id) as StoredPassage[]).map(({ text }) => text),
      ]);
  });
});

interface InnerHits {
  readonly splade: {
    readonly hits: {
      readonly hits: readonly {
        readonly _score: number;
        readonly _nested: { readonly offset: number };
        readonly _source: { readonly text: string };
      }[];
    };
  };
}

function maximumOf(vectors: readonly StoredVector[]): StoredVector {
  const largest: Record<string, number> = {};
  for (const vector of vectors)
    for (const [name, weight] of Object.entries(vector)) largest[name] = Math.max(weight, largest[name] ?? 0);
  return largest;
}
