import { stripVTControlCharacters } from 'node:util';
import { fieldReport, totalText, verificationText } from '../../../src/cli/verify-text.js';
import { planOf } from '../../support/vector-index.js';

const plan = planOf('f00d', 'rank-features');
const [field] = Object.keys(plan.vectors);
const NOTHING = {
  ...{ queries: 3, documents: 5, share: 1, scores: 0, disagreements: 0, maxUlp: 0, orderDependent: 0, shortened: 0 },
  examples: [],
};
const reportOf = (changes: object) => fieldReport({ field: field!, plan }, { ...NOTHING, ...changes });
const textOf = (changes: object) => stripVTControlCharacters(verificationText(reportOf(changes)));

describe('the verification of a field', () => {
  it.each([
    ['scores were compared', { scores: 9 }, true, /: verified: 9 scores/],
    ['scores disagree', { scores: 9, disagreements: 2 }, false, /: 2 disagreements/],
    ['only missing documents disagree', { disagreements: 2 }, false, /: 2 disagreements/],
    ['there is no document', { documents: 0, queries: 0 }, true, /: nothing to verify: the index has no documents/],
    ['no query could be made', { queries: 0 }, false, /: nothing to compare: no document looked at has text in /],
    ['no query finds anything', {}, false, /: nothing to compare: no query finds a document/],
  ])('where %s', (_, changes, verified, said) => {
    expect(reportOf(changes).verified).toBe(verified);
    expect(textOf(changes)).toMatch(said);
  });

  it('is named among others where it is not verified', () => {
    const [title, body] = [reportOf({}), { ...reportOf({ scores: 4 }), field: 'splade_body' }];
    expect(stripVTControlCharacters(totalText([title, body]))).toBe(`not verified: ${field}`);
    expect(stripVTControlCharacters(totalText([body, body]))).toBe('all 2 fields verified');
  });
});
