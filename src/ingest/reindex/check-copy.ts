import type { JsonObject } from '../../dialect/dialect.js';
import { traitsOf } from '../../dialect/engine-traits.js';
import { passagesIn } from '../../dialect/kept-passages.js';
import type { Encoder } from '../../encoder/encoder.js';
import type { Engine, Hit, RequestOptions } from '../../engine/engine.js';
import { documentText } from '../../mapping/document-text.js';
import { inRandomOrder } from '../../verify/in-random-order.js';
import { verify } from '../../verify/verify.js';
import { storedFields } from '../bulk/engine-sink.js';
import { patiently } from '../bulk/patient-engine.js';
import { isForNowToReaders } from '../bulk/until-answered.js';
import { encodeDocuments } from '../encode-documents.js';
import type { SourceItem } from '../source.js';
import { contentHash, HASH_FIELD } from './content-hash.js';
import type { PreparedCopy } from './prepare-copy.js';
import { CopyNotRight } from './reindex-faults.js';
import { passagesAgree } from './vectors-agree.js';

const QUERIES = 20;
const TOP = 100;
const WORDS = 12;
const SEED = 20;
/** Draws, while all documents that are drawn are others'. Of a copy of which one in ten is our own, one draw in eight finds none, and all five hardly ever. */
const MOST_DRAWS = 5;
/** Documents searched for ones that answers lack, over all vector fields: read in a few seconds, however large the copy is. `termweave verify` looks through the whole. */
const MOST_DOCUMENTS = 20_000;

/** What is checked. */
export type CheckedTarget = Omit<PreparedCopy, 'uuid'> & {
  /** Fields that the hash of a document leaves out beside the vector fields: see `driftingFields`. */
  readonly drifting?: readonly string[];
};

/** A copy that is right. */
export interface CheckedCopy {
  /** Documents in it. */
  readonly documents: number;
  /** Vectors compared, each that of its document's text, encoded once more; 0 where others have written or changed every document that was drawn. */
  readonly vectors: number;
  /** Scores compared, each equal to the last bit; 0 where no document has text to make a query of. */
  readonly scores: number;
}

/**
 * Whether a check has shown anything: of documents without a vector or a score to compare it has not, nor of none where some have failed.
 * @param failed documents that were not brought.
 */
export function isVerified({ documents, vectors, scores }: CheckedCopy, failed: number): boolean {
  return (vectors > 0 && scores > 0) || (documents === 0 && failed === 0);
}

/**
 * Checks a copy before an alias moves to it: the vectors of documents drawn from it are those
 * of their texts, encoded once more; and the engine's answers to queries made of those texts find something and are right to the last bit.
 * @throws {@link CopyNotRight}
 */
export function checkCopy(engine: Engine, copy: CheckedTarget, options: CheckOptions): Promise<CheckedCopy> {
  // It reads a snapshot, which goes away with an engine, or one of its nodes, that is away for a minute: a 404.
  return patiently(engine, () => check(engine, copy, options), options, isForNowToReaders);
}

interface CheckOptions extends RequestOptions {
  readonly encoder: Encoder;
}

async function check(engine: Engine, copy: CheckedTarget, { encoder, signal }: CheckOptions): Promise<CheckedCopy> {
  await engine.refresh(copy.index, { signal });
  const count = await engine.count(copy.index, undefined, { signal });
  const { drawn, vectors } = await drawAndCompare(engine, copy, encoder, signal);
  let scores = 0;
  for (const field of Object.keys(copy.plan.vectors))
    scores += await mustScore(engine, copy, field, drawn, encoder, signal);
  return { documents: count, vectors, scores };
}

/**
 * Asks a vector field by the words of drawn documents.
 * @returns how many scores were compared.
 */
async function mustScore(
  engine: Engine,
  { index, plan, dialect }: CheckedTarget,
  field: string,
  drawn: readonly Hit[],
  encoder: Encoder,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { from } = plan.vectors[field]!;
  const words = drawn.map(({ source = {} }) => firstWords(source, from)).filter((text) => text !== '');
  const encoded = await encoder.encode(words, { as: 'query', signal });
  const queries = encoded.map(({ vector }, i) => ({ id: words[i]!, vector })).filter(({ vector }) => vector.size > 0);
  const mostDocuments = Math.ceil(MOST_DOCUMENTS / Object.keys(plan.vectors).length);
  const { scores, disagreements } = await verify(engine, index, queries, {
    ...{ dialect, field, top: TOP, mostDocuments, signal },
  });
  if (queries.length > 0 && scores === 0)
    throw new CopyNotRight(index, `no document is found in ${field} by the words of ${queries.length} of its own`);
  if (disagreements === 0) return scores;
  throw new CopyNotRight(index, `${disagreements} of ${scores} scores of ${field} are not what they should be`);
}

function firstWords(source: JsonObject, fields: readonly string[]): string {
  const text = documentText(source, fields);
  return typeof text === 'string' ? text.split(/\s+/).slice(0, WORDS).join(' ') : '';
}

/** Draws documents and compares their vectors: other documents, while none that is drawn has a vector to compare and there are more. */
async function drawAndCompare(
  engine: Engine,
  copy: CheckedTarget,
  encoder: Encoder,
  signal: AbortSignal | undefined,
): Promise<{ readonly drawn: readonly Hit[]; readonly vectors: number }> {
  for (let n = 0; ; n++) {
    const drawn = await draw(engine, copy, SEED + n, signal);
    const vectors = await mustBeTheirOwn(copy, drawn, encoder, signal);
    const isLast = drawn.length < QUERIES || n + 1 === MOST_DRAWS;
    if (vectors > 0 || isLast) return { drawn, vectors };
  }
}

/**
 * Encodes drawn documents once more. Documents that others have changed since have vectors of what they said before.
 * @returns how many vectors were compared.
 */
async function mustBeTheirOwn(
  { index, plan, dialect, drifting = [] }: CheckedTarget,
  drawn: readonly Hit[],
  encoder: Encoder,
  signal: AbortSignal | undefined,
): Promise<number> {
  const unhashed = [...Object.keys(plan.vectors), ...drifting];
  const own = drawn.filter(({ source = {}, routing }) => source[HASH_FIELD] === contentHash(source, routing, unhashed));
  async function* items(): AsyncGenerator<SourceItem> {
    for (const { id, routing, source = {} } of own) yield { ok: true, document: { id, routing, source } };
  }
  let compared = 0;
  for await (const item of encodeDocuments(items(), { encoder, vectors: plan.vectors, signal })) {
    if (!item.ok) continue;
    const { id, source } = item.document;
    for (const [field, again] of Object.entries(storedFields(item.document, dialect))) {
      const [stored, expected] = [passagesIn(source[field] ?? {}), passagesIn(again)];
      // Where both are empty (no text, nothing left by pruning), nothing is compared.
      if ([...stored, ...expected].some(({ vector }) => Object.keys(vector).length > 0)) compared++;
      const heaviest = Math.max(1, ...(plan.vectors[field]!.weights ?? []));
      if (passagesAgree(stored, expected, heaviest)) continue;
      throw new CopyNotRight(index, `the vector in ${field} of document ${id} is not that of its text, encoded again`);
    }
  }
  return compared;
}

/**
 * Documents that say something in a text field, where there are any, from all over the index: the same ones of the same index and seed. Where the engine finds
 * none, its texts may be nested or not indexed: then any documents.
 */
async function draw(engine: Engine, { index, plan }: CheckedTarget, seed: number, signal: AbortSignal | undefined) {
  const fields = Object.values(plan.vectors).flatMap(({ from }) => from);
  const query = { bool: { should: fields.map((field) => ({ exists: { field } })), minimum_should_match: 1 } };
  const some = async (query: JsonObject) => {
    const body = {
      query: inRandomOrder(query, seed),
      size: QUERIES,
      _source: traitsOf(engine.version).wholeDocuments.source,
    };
    return (await engine.search(index, body, { signal })).hits;
  };
  const found = await some(query);
  return found.length > 0 ? found : some({ match_all: {} });
}
