import { ModelMismatch, mustMatchPlan, mustTakeDocuments } from '../../../src/mapping/match-plan.js';
import type { ModelStamp } from '../../../src/mapping/vector-plan.js';
import { planOf } from '../../support/vector-index.js';

const plan = planOf('f00d', 'rank-features');
type Check = typeof mustMatchPlan;

function thrownBy(check: Check, change: object, { vocabulary = 'f00d', of = plan } = {}): unknown {
  try {
    check('books', of, { ...of.model, ...change }, vocabulary);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

describe.each([
  ['asking', mustMatchPlan],
  ['writing', mustTakeDocuments],
])('%s', (_, check) => {
  it.each([
    ['weights', { weights: '1' }, 'f00d', 'reindex'],
    ['pooling', { pooling: 'sum' }, 'f00d', 'reindex'],
    ['vocabulary', {}, 'beef', 'reindex'],
    ['precision', { precision: 'int8' }, 'f00d', '--precision float32'],
  ])('is refused to a model of another %s, with what to do', (_aspect, change, vocabulary, remedy) => {
    const thrown = thrownBy(check, change, { vocabulary });
    expect(thrown).toBeInstanceOf(ModelMismatch);
    expect(thrown).toMatchObject({
      code: 'MODEL_MISMATCH',
      index: 'books',
      remedy: expect.stringContaining(remedy),
    });
  });

  it('is open to the model by another name, of another compiler, on another device', () => {
    expect(thrownBy(check, { id: 'renamed', compiler: 99, device: 'cuda' })).toBeUndefined();
  });
});

it('asks with another cut, and does not write with it', () => {
  expect(thrownBy(mustMatchPlan, { maxTokens: 512 })).toBeUndefined();
  expect(thrownBy(mustTakeDocuments, { maxTokens: 512 })).toMatchObject({
    code: 'MODEL_MISMATCH',
    stored: '256 tokens',
    given: '512 tokens',
    remedy: expect.stringContaining('--max-tokens 256'),
  });
});

it('writes passages with any cut that takes them whole', () => {
  const vectors = { splade: { from: ['text'], pruning: 'none', passages: { tokens: 128, overlap: 32 } } };
  const of = { ...plan, vectors };
  expect(thrownBy(mustTakeDocuments, { maxTokens: 128 }, { of })).toBeUndefined();
  expect(thrownBy(mustTakeDocuments, { maxTokens: 512 }, { of })).toBeUndefined();
  expect(thrownBy(mustTakeDocuments, { maxTokens: 64 }, { of })).toMatchObject({ given: '64 tokens' });
});

it('refuses another prompt of documents, also where the plan is of a release that knew none; queries may have another', () => {
  const match = (stored: ModelStamp, given: ModelStamp) => () =>
    mustMatchPlan('books', { ...plan, model: stored }, given, 'f00d');
  const prompted = (prompts: ModelStamp['prompts']) => ({ ...plan.model, prompts });
  expect(match(prompted({ query: 'a: ', document: 'b: ' }), prompted({ document: 'b: ' }))).not.toThrow();
  expect(match(plan.model, prompted({ query: 'a: ' }))).not.toThrow();
  expect(match(plan.model, prompted({ document: 'b: ' }))).toThrow(
    expect.objectContaining({ code: 'MODEL_MISMATCH', aspect: 'prompt of documents' }),
  );
});

it("refuses another configuration, and says nothing of one that an earlier release's plan does not hold", () => {
  const { configuration: _, ...earlier } = plan.model;
  const match = (stored: ModelStamp, given: ModelStamp) => () =>
    mustMatchPlan('books', { ...plan, model: stored }, given, 'f00d');
  const [one, other] = ['c0', 'c1'].map((configuration) => ({ ...earlier, configuration })) as [ModelStamp, ModelStamp];
  expect(match(one, one)).not.toThrow();
  expect(match(earlier, one)).not.toThrow();
  expect(match(one, other)).toThrow(expect.objectContaining({ code: 'MODEL_MISMATCH', aspect: 'model configuration' }));
});
