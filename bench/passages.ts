/**
 * What do passages gain on long documents, and what do they cost?
 *
 * Three ways of one model: texts cut at its limit; overlapping passages, the maximum of their vectors; passages kept, the best one's score.
 * Scores are exact (the reference scorer, which engines are verified against), rankings are evaluated as trec_eval does. On
 *
 * - `--collection`: judged queries of a collection in BEIR's layout, over all of its documents or the judged ones and the first others; apart, the
 *   queries that a document answers whose text is cut;
 * - `--texts`: known items. Long documents are made of passages that follow each other in the file (`--each` of them, about 90 words each); a query is
 *   the beginning of one passage, by turns from all over its document, and that document is the right one. Apart: queries from the first passages.
 *
 *   npm run build && node bench/run.mjs passages --collection beir/scifact [--split test] [--documents 1200] [--tokens 256] [--overlap 32]
 *   npm run build && node bench/run.mjs passages --texts rfc-passages.jsonl.gz [--documents 100] [--each 20] [--tokens 256] [--overlap 32]
 *
 * Traps: known-item queries are the documents' own words, which is easier than questions are; what counts is the difference between beginning and
 * end. Documents that are no longer than a passage are encoded once for all three ways. CPU includes tokenizing; other work on the machine does not.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import { rankFeatures } from '../src/dialect/rank-features.js';
import { storedFeatures } from '../src/dialect/stored-features.js';
import type { Encoded } from '../src/encoder/encoder.js';
import { loadEncoder } from '../src/encoder/load-encoder.js';
import type { Passages } from '../src/encoder/passages.js';
import { BeirCollection, type Topic } from '../src/evaluate/files/beir-collection.js';
import { evaluateRun } from '../src/evaluate/measures/evaluate-run.js';
import type { Qrels, Run } from '../src/evaluate/measures/judgements.js';
import { parseMeasures } from '../src/evaluate/measures/parse-measure.js';
import { sparseQuery } from '../src/query/sparse-query.js';
import type { SparseVector } from '../src/sparse/sparse-vector.js';
import { referenceScorer } from '../src/verify/reference-scorer.js';

const { values: options } = parseArgs({
  options: {
    collection: { type: 'string' },
    split: { type: 'string', default: 'test' },
    texts: { type: 'string' },
    documents: { type: 'string' },
    each: { type: 'string', default: '20' },
    tokens: { type: 'string', default: '256' },
    overlap: { type: 'string', default: '32' },
  },
});
const MEASURES = parseMeasures('nDCG@10,RR,R@100');
const DEPTH = 1000;
/** Words of a known-item query. */
const WORDS = 12;
/** Passages that a text begins with. */
const FIRST = 2;
const passages: Passages = { tokens: Number(options.tokens), overlap: Number(options.overlap), kept: true };

interface LongText {
  readonly id: string;
  readonly text: string;
}

/** Documents, questions, and which questions are looked at together: given which documents are cut. */
interface Trial {
  readonly documents: readonly LongText[];
  readonly topics: readonly Topic[];
  readonly groups: (cut: ReadonlySet<string>) => Readonly<Record<string, Qrels>>;
}

const { documents, topics, groups } = options.collection ? await judged(options.collection) : await knownItems();
await using encoder = await loadEncoder('splade-tiny', { maxTokens: 256 });
const queries = (await encodeAll(topics, undefined, 'query')).encoded.map(({ vector }) => vector);
const cut = await encodeAll(documents, undefined);
const isLong = ({ tokens, truncated }: Encoded) => truncated || tokens > passages.tokens;
const long = documents.filter((_, i) => isLong(cut.encoded[i]!));
const inPassages = await encodeAll(long, passages);
const byId = new Map(long.map(({ id }, i) => [id, inPassages.encoded[i]!]));

const ways: Record<string, (document: Encoded, whole: Encoded | undefined) => readonly SparseVector[]> = {
  cut: ({ vector }) => [vector],
  maximum: (document, whole = document) => [whole.vector],
  kept: (document, whole) => (whole?.passages ?? [document]).map(({ vector }) => vector),
};
const asked = groups(new Set(documents.filter((_, i) => cut.encoded[i]!.truncated).map(({ id }) => id)));
console.log(
  `${documents.length} documents, ${long.length} of more than ${passages.tokens} tokens; CPU ms a document: cut ${cut.milliseconds.toFixed(1)}, ` +
    `the long ones in passages ${inPassages.milliseconds.toFixed(1)}`,
);
console.table(Object.fromEntries(Object.entries(ways).flatMap(([way, vectorsOf]) => rowsOf(way, vectorsOf))));

function rowsOf(way: string, vectorsOf: (typeof ways)[string]): [string, Record<string, number>][] {
  const features = queries.map((vector) => sparseQuery(vector, { dialect: rankFeatures, field: 'splade' }));
  const scorer = referenceScorer(features, { dialect: rankFeatures, top: DEPTH });
  let entries = 0;
  documents.forEach(({ id }, i) => {
    const vectors = vectorsOf(cut.encoded[i]!, byId.get(id));
    for (const { size } of vectors) entries += size;
    scorer.add(id, ...vectors.map((vector) => storedFeatures(vector, rankFeatures)));
  });
  const run: Run = new Map(
    scorer.rankings().map(({ best }, i) => [topics[i]!.id, best.map(({ id, expected: { score } }) => ({ id, score }))]),
  );
  return Object.entries(asked).map(([group, qrels]) => {
    const means = [...evaluateRun(run, qrels, MEASURES).means].map(([name, mean]) => [name, Number(mean.toFixed(4))]);
    const sizes = { queries: qrels.size, 'entries a document': Math.round(entries / documents.length) };
    return [`${way}, ${group}`, { ...Object.fromEntries(means), ...sizes }];
  });
}

async function encodeAll(texts: readonly Pick<LongText, 'text'>[], way: Passages | undefined, as?: 'query') {
  const cpu = process.cpuUsage();
  const encoded: Encoded[] = [];
  const stream = encoder.encodeStream(
    texts.map(({ text }) => text),
    { as, passages: way },
  );
  for await (const one of stream) encoded.push(one);
  const { user, system } = process.cpuUsage(cpu);
  return { encoded, milliseconds: (user + system) / 1000 / Math.max(1, texts.length) };
}

async function judged(folder: string): Promise<Trial> {
  const collection = new BeirCollection(folder);
  const qrels = await collection.qrels(options.split);
  const texts: LongText[] = [];
  const isJudged = new Set([...qrels.values()].flatMap((grades) => [...grades.keys()]));
  let others = Number(options.documents ?? Number.POSITIVE_INFINITY) - isJudged.size;
  for await (const { id, title, text } of collection.documents())
    if (isJudged.has(id) || others-- > 0) texts.push({ id, text: `${title} ${text}`.trim() });
  const answeredBy = (grades: ReadonlyMap<string, number>, ids: ReadonlySet<string>) =>
    [...grades].some(([id, grade]) => grade > 0 && ids.has(id));
  return {
    documents: texts,
    topics: await collection.topics(qrels),
    groups: (ids) => ({
      all: qrels,
      'answered by a text that is cut': new Map([...qrels].filter(([, grades]) => answeredBy(grades, ids))),
    }),
  };
}

async function knownItems(): Promise<Trial> {
  const each = Number(options.each);
  const made: { id: string; parts: string[] }[] = [];
  let parts: string[] = [];
  for await (const line of createInterface({ input: createReadStream(options.texts!).pipe(createGunzip()) })) {
    if (parts.push(JSON.parse(line).text) < each) continue;
    made.push({ id: `d${made.length}`, parts });
    parts = [];
    if (made.length === Number(options.documents ?? 100)) break;
  }
  const questions = made.map(({ id, parts }, i) => ({
    id,
    isFirst: i % each < FIRST,
    text: parts[i % each]!.split(/\s+/).slice(0, WORDS).join(' '),
  }));
  const qrelsOf = (some: typeof questions): Qrels => new Map(some.map(({ id }) => [id, new Map([[id, 1]])]));
  return {
    documents: made.map(({ id, parts }) => ({ id, text: parts.join('\n') })),
    topics: questions,
    groups: () => ({
      'from the beginning': qrelsOf(questions.filter(({ isFirst }) => isFirst)),
      'from the rest': qrelsOf(questions.filter(({ isFirst }) => !isFirst)),
    }),
  };
}
