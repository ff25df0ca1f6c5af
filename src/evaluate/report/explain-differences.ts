import type { SparseIndex } from '../../retrieve/sparse-index.js';
import type { SystemResult } from '../evaluate-systems.js';
import type { Qrels } from '../measures/judgements.js';
import { trecOrder } from '../measures/trec-order.js';
import type { EncodedTopic } from '../systems/system.js';

/** A query on which two systems differ, with the relevant document that moved most and what its sparse score is made of. */
export interface ExplainedDifference {
  readonly query: string;
  readonly text: string;
  /** The measure of the second system minus that of the first. */
  readonly difference: number;
  /** The relevant document whose rank changed most; ranks from 1, 0 where it was not found. `undefined` where none was found by either. */
  readonly document?: { readonly id: string; readonly before: number; readonly after: number };
  /** The tokens of that document's dot product with the query, the largest product first. */
  readonly terms: readonly { readonly token: string; readonly product: number }[];
}

export interface ExplainOptions {
  readonly measure: string;
  /** How many wins, and how many losses. */
  readonly each: number;
  readonly signal?: AbortSignal;
}

const TERMS = 8;

/** The largest wins and losses of system `b` over system `a`, wins first, explained from the stored vectors. */
export async function explainDifferences(
  index: SparseIndex,
  topics: readonly EncodedTopic[],
  qrels: Qrels,
  [a, b]: readonly [SystemResult, SystemResult],
  { measure, each, signal }: ExplainOptions,
): Promise<ExplainedDifference[]> {
  const valuesOf = ({ evaluation }: SystemResult) => evaluation.values.get(measure)!;
  const differences = a.evaluation.queries.map((query, i) => ({
    query,
    difference: valuesOf(b)[i]! - valuesOf(a)[i]!,
  }));
  const falling = differences.filter(({ difference }) => difference !== 0).sort((x, y) => y.difference - x.difference);
  const shown = new Set([...falling.slice(0, each), ...falling.slice(-each)]);
  const explained: ExplainedDifference[] = [];
  for (const { query, difference } of shown) {
    const topic = topics.find(({ id }) => id === query);
    if (!topic) continue;
    const document = mostMoved(qrels.get(query)!, a.run.get(query) ?? [], b.run.get(query) ?? []);
    const terms = document ? await termsOf(index, topic, document.id, signal) : [];
    explained.push({ query, text: topic.text, difference, document, terms });
  }
  return explained;
}

type Ranked = Parameters<typeof trecOrder>[0];

function mostMoved(grades: ReadonlyMap<string, number>, a: Ranked, b: Ranked) {
  const [before, after] = [a, b].map((list) => new Map(trecOrder(list).map(({ id }, rank) => [id, rank + 1])));
  const moved = [...grades].flatMap(([id, grade]) => {
    const ranks = { id, before: before!.get(id) ?? 0, after: after!.get(id) ?? 0 };
    return grade > 0 && ranks.before + ranks.after > 0 ? [ranks] : [];
  });
  const gain = (rank: number) => (rank === 0 ? 0 : 1 / rank);
  const distance = (ranks: { before: number; after: number }) => Math.abs(gain(ranks.before) - gain(ranks.after));
  return moved.sort((x, y) => distance(y) - distance(x))[0];
}

async function termsOf(index: SparseIndex, { vector }: EncodedTopic, id: string, signal: AbortSignal | undefined) {
  const { hits } = await index.search(vector, { size: 1, filter: { ids: { values: [id] } }, signal });
  return (hits[0]?.terms ?? []).slice(0, TERMS).map(({ token, product }) => ({ token, product }));
}
