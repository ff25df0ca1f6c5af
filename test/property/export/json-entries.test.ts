import fc from 'fast-check';
import { numberEntries } from '../../../src/export/json-entries.js';

const key = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('2020', '1', 'terms', '__proto__', '"', '\\', '{', ','),
);
const entries = fc.array(fc.tuple(key, fc.double({ noNaN: true, noDefaultInfinity: true })), { maxLength: 12 });

describe('entries of a JSON object', () => {
  it('come in written order, keys that stand twice included, whatever stands around them', () => {
    fc.assert(
      fc.property(entries, fc.json(), fc.json(), (written, before, after) => {
        const object = written.map(([name, value]) => `${JSON.stringify(name)} : ${JSON.stringify(value)}`).join(', ');
        const line = `{"before":${before}, "terms":{"inner": {${object}} },"after":[${after}]}`;
        fc.pre(!before.includes('"inner"') && !after.includes('"inner"'));
        const { keys, values } = numberEntries(line, ['terms', 'inner']);
        expect(keys).toEqual(written.map(([name]) => name));
        expect(values).toEqual(written.map(([, value]) => JSON.parse(JSON.stringify(value))));
      }),
    );
  });
});
