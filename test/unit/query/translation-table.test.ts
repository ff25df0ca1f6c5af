import { rankFeatures } from '../../../src/dialect/rank-features.js';
import { textsIn, translate } from '../../../src/query/translation/translate.js';
import { toyVectors } from '../../support/toy-encoder.js';
import { toyPlan, translationTable } from '../../support/translation-table.js';

const options = { plan: toyPlan('rank-features'), dialect: rankFeatures };

function outcomeOf(query: unknown): string {
  const body = { query };
  const { report } = translate(body, options, toyVectors(textsIn(body, options)));
  const [clause] = report.translated;
  if (clause) return clause.kept ? `translated, kept: ${clause.kept}` : 'translated';
  return `left: ${report.left[0]!.reason}`;
}

describe('the table of docs/translation.md', () => {
  it('is there', () => expect(translationTable().length).toBeGreaterThan(80));

  it.each(translationTable())('says what becomes of $title', ({ query, outcome }) => {
    expect(outcomeOf(query)).toBe(outcome);
  });
});
