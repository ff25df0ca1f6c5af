import { parseMeasures, UnknownMeasure } from '../../../src/evaluate/measures/parse-measure.js';

describe('parseMeasures', () => {
  it('gives each measure the name that the field gives it', () => {
    const names = parseMeasures('ndcg@10, r@100 RR AP,p(REL=2)@5 judged@10').map(({ name }) => name);
    expect(names).toEqual(['nDCG@10', 'R@100', 'RR', 'AP', 'P(rel=2)@5', 'Judged@10']);
  });

  it.each(['', 'nDCG@', 'nDCG@0', 'MAPP', 'R', 'P(rel=0)@5', 'nDCG(rel=2)@10', 'toString'])('refuses %p', (written) => {
    expect(() => parseMeasures(written)).toThrow(UnknownMeasure);
  });
});
