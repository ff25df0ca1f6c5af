import { compareRanking } from '../../../src/verify/compare-ranking.js';

const expected = (score: number) => ({ score, lowest: score, highest: score });
const best = ['a', 'b'].map((id, i) => ({ id, expected: expected(2 - i) }));
const reference = { best, matching: 2, watched: new Map(best.map((one) => [one.id, one.expected])) };

describe('an answer with a document twice', () => {
  it('disagrees, and does not fill the place of the one left out', () => {
    const returned = [
      { id: 'a', score: 2 },
      { id: 'a', score: 2 },
    ];
    const { disagreements } = compareRanking(returned, reference, 2);
    expect(disagreements).toMatchObject([
      { kind: 'repeated', id: 'a' },
      { kind: 'missing', id: 'b' },
    ]);
  });
});
