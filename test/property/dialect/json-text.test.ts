import fc from 'fast-check';
import { exactJson, parseExactJson } from '../../../src/dialect/exact-number.js';
import { JsonText, withTextsRead } from '../../../src/dialect/json-text.js';

/** Values whose parts are now and then written already. */
const written = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue().map((value) => new JsonText(JSON.stringify(value))),
    fc.jsonValue(),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')),
  ),
})).value;

describe('a value that is written already', () => {
  it('is to JSON.stringify what it says, and to exactJson the same', () => {
    fc.assert(
      fc.property(written, (value) => {
        expect(exactJson(value)).toBe(JSON.stringify(value));
        expect(exactJson(value, 2)).toBe(JSON.stringify(value, undefined, 2));
      }),
    );
  });

  it('goes out as it is, spaces and all', () => {
    expect(exactJson({ a: [new JsonText('{"b": 1.0}')], c: 2 })).toBe('{"a":[{"b": 1.0}],"c":2}');
  });

  it('stands beside numbers that are exact, and texts that say the place it is put in', () => {
    const place = '\u0000termweave:text';
    const document = {
      n: parseExactJson('12345678901234567891'),
      v: new JsonText('{"x":0.5}'),
      w: new JsonText('[1]'),
    };
    expect(exactJson(document)).toBe('{"n":12345678901234567891,"v":{"x":0.5},"w":[1]}');
    expect(exactJson({ ...document, place })).toBe(
      '{"n":12345678901234567891,"v":{"x":0.5},"w":[1],"place":"\\u0000termweave:text"}',
    );
    expect(exactJson({ [place]: 1 })).toBe('{"\\u0000termweave:text":1}');
  });

  it('is read wherever it stands, and what has none stays the same object', () => {
    fc.assert(fc.property(written, (value) => expect(withTextsRead(value)).toEqual(JSON.parse(JSON.stringify(value)))));
    const plain = { a: [1, { b: null }] };
    expect(withTextsRead(plain)).toBe(plain);
  });
});
