import { mustMatchFields } from '../../../src/connector/must-match-fields.js';
import type { VectorField, VectorPlan } from '../../../src/mapping/vector-plan.js';
import { planOf } from '../../support/vector-index.js';

const CONNECTED: VectorField = { from: ['body'], pruning: 'none' };

function planWith(splade: VectorField, maxTokens = 256): VectorPlan {
  const plan = planOf('v', 'rank-features');
  return { ...plan, model: { ...plan.model, maxTokens }, vectors: { splade } };
}

const mustMatch = (stored: VectorPlan) => mustMatchFields('books', stored, planWith(CONNECTED));

it('takes a field that was made the same way, and a new one beside it', () => {
  mustMatch(planWith(CONNECTED));
  mustMatch({ ...planWith(CONNECTED), vectors: { other: { from: ['title'], pruning: 'topK(64)' } } });
});

it.each([
  ['from other texts', planWith({ ...CONNECTED, from: ['title', 'body'] }), 'from ["title","body"]'],
  ['pruned', planWith({ ...CONNECTED, pruning: 'topK(64)' }), 'pruned by "topK(64)"'],
  ['in passages', planWith({ ...CONNECTED, passages: { tokens: 200, overlap: 20 } }), 'in passages of {"tokens":200'],
  ['of texts cut elsewhere', planWith(CONNECTED, 128), 'texts cut at 128'],
])('refuses one that was made %s, and names how', (_what, stored, found) => {
  expect(() => mustMatch(stored)).toThrow(
    expect.objectContaining({ code: 'FIELD_MADE_OTHERWISE', found: expect.stringContaining(found) }),
  );
});
