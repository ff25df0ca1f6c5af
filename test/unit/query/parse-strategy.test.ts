import { parseStrategy, UnknownStrategy } from '../../../src/query/strategies/parse-strategy.js';

it.each(['replace', 'add', 'add(0.5)', 'rescore', 'rescore(200)', 'hybrid'])('%s reads as what it is', (written) => {
  expect(parseStrategy(written).spec).toBe(written);
});

it.each(['', 'add(0)', 'add(x)', 'rescore(1.5)', 'replace(2)', 'hybrid(3)', 'constructor'])(
  '%j is refused',
  (written) => {
    expect(() => parseStrategy(written)).toThrow(UnknownStrategy);
  },
);
