import type { Encoder } from '../../encoder/encoder.js';
import type { RequestOptions } from '../../engine/engine.js';
import { byGroup, textsOf } from '../../mapping/field-texts.js';
import type { SparseIndex } from '../../retrieve/sparse-index.js';
import { inRandomOrder } from '../../verify/in-random-order.js';

/** How many documents of some drawn at random are longer than the model takes, so that their ends are in no vector. */
export interface CutTexts {
  readonly drawn: number;
  readonly cut: number;
}

/** Texts may have megabytes each: few enough to be one answer. */
const DRAWN = 200;
const SEED = 20;

/**
 * Draws documents of an index and counts the tokens of their texts. None is cut where the index encodes long texts in passages.
 * @param encoder of the index's own model: see `SparseIndex.mustMatch`.
 */
export async function cutTexts(
  { engine, name, plan, field }: Pick<SparseIndex, 'engine' | 'name' | 'plan' | 'field'>,
  encoder: Encoder,
  { signal }: RequestOptions = {},
): Promise<CutTexts> {
  const made = plan.vectors[field]!;
  const { from, passages } = made;
  if (passages) return { drawn: Math.min(DRAWN, await engine.count(name, { match_all: {} }, { signal })), cut: 0 };
  const query = inRandomOrder({ match_all: {} }, SEED);
  const { hits } = await engine.search(name, { query, size: DRAWN, _source: from }, { signal });
  const texts = hits.map(({ source = {} }) => textsOf(source, made)).map((own) => ('found' in own ? [] : own));
  // `tokenize` leaves the model's prompt out, which counts against its limit.
  const prompt = plan.model.prompts?.document ?? '';
  const tokenized = await encoder.tokenize(
    texts.flat().map((text) => prompt + text),
    { signal },
  );
  const whole = tokenized.map(({ before, tokens, after }) => before.length + tokens.length + after.length);
  const isCut = (lengths: readonly number[]) => lengths.some((tokens) => tokens > plan.model.maxTokens);
  return { drawn: hits.length, cut: byGroup(texts, whole).filter(isCut).length };
}
