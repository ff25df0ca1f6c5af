import type { Encoder } from '../../encoder/encoder.js';
import type { Engine, RequestOptions } from '../../engine/engine.js';
import { documentText } from '../../mapping/document-text.js';
import { verify } from '../../verify/verify.js';
import type { PreparedCopy } from './prepare-copy.js';
import { CopyNotRight } from './reindex-faults.js';

const QUERIES = 20;
const TOP = 100;
const WORDS = 12;

/** What is checked. */
export type CheckedTarget = Omit<PreparedCopy, 'uuid'>;

/** A copy that is right. */
export interface CheckedCopy {
  /** Documents in it. */
  readonly documents: number;
  /** Scores compared, each equal to the last bit. */
  readonly scores: number;
}

/**
 * Checks a copy before an alias moves to it: it has as many documents as were brought to it, and the engine's answers to queries
 * made of its own texts find something and are right to the last bit.
 * @throws {@link CopyNotRight}
 */
export async function checkCopy(
  engine: Engine,
  copy: CheckedTarget,
  expected: number,
  { encoder, signal }: RequestOptions & { readonly encoder: Encoder },
): Promise<CheckedCopy> {
  await engine.refresh(copy.index, { signal });
  const count = await engine.count(copy.index, undefined, { signal });
  if (count < expected) throw new CopyNotRight(copy.index, `${count} documents where ${expected} were brought to it`);
  const [field, { from }] = Object.entries(copy.plan.vectors)[0]!;
  const hits = await sample(engine, copy.index, from, signal);
  const texts = hits.map(({ source = {} }) => documentText(source, from)).filter((text) => typeof text === 'string');
  const words = texts.map((text) => text.split(/\s+/).slice(0, WORDS).join(' ')).filter((text) => text !== '');
  const encoded = await encoder.encode(words, { as: 'query', signal });
  const queries = encoded.map(({ vector }, i) => ({ id: words[i]!, vector })).filter(({ vector }) => vector.size > 0);
  const result = await verify(engine, copy.index, queries, { dialect: copy.dialect, field, top: TOP, signal });
  if (queries.length > 0 && result.scores === 0) {
    throw new CopyNotRight(copy.index, `no document is found by the words of ${queries.length} documents of its own`);
  }
  if (result.disagreements === 0) return { documents: count, scores: result.scores };
  throw new CopyNotRight(copy.index, `${result.disagreements} of ${result.scores} scores are not what they should be`);
}

/** Documents that say something in a text field, where there are any: others would give no query to check with. */
async function sample(engine: Engine, index: string, fields: readonly string[], signal: AbortSignal | undefined) {
  const query = { bool: { should: fields.map((field) => ({ exists: { field } })), minimum_should_match: 1 } };
  const { hits } = await engine.search(index, { query, size: QUERIES, _source: fields }, { signal });
  return hits;
}
