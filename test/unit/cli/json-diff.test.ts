import fc from 'fast-check';
import { jsonDiff } from '../../../src/cli/json-diff.js';

const linesOf = (diff: string, marks: string) =>
  diff
    .split('\n')
    .filter((line) => marks.includes(line[0]!))
    .map((line) => line.slice(2))
    .join('\n');

describe('the difference of two JSON values', () => {
  it('shows what went and what came, in place', () => {
    expect(jsonDiff({ a: 1, b: 2, c: 3 }, { a: 1, x: 2, c: 3 })).toBe(
      '  {\n    "a": 1,\n-   "b": 2,\n+   "x": 2,\n    "c": 3\n  }',
    );
  });

  it('holds both values whole', () => {
    const values = fc.object({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)));
    fc.assert(
      fc.property(values, values, (before, after) => {
        const diff = jsonDiff(before, after);
        expect(JSON.parse(linesOf(diff, ' -'))).toEqual(before);
        expect(JSON.parse(linesOf(diff, ' +'))).toEqual(after);
      }),
    );
  });
});
