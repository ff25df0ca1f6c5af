import fc from 'fast-check';
import { passagesOf as partsOf, type TextPart } from '../../../src/encoder/passages.js';

/** Units whose tokens are numbered through, so that each can be told from every other. */
const units = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 }).map((lengths) => {
  let next = 0;
  return lengths.map((length) => Array.from({ length }, () => next++));
});
const room = fc.integer({ min: 1, max: 25 });
const overlap = fc.integer({ min: 0, max: 24 });

/** Each unit stands where its number says. */
function placed(text: readonly (readonly number[])[]): TextPart[] {
  return text.map((ids, i) => ({ ids, start: 10 * i, end: 10 * i + 10 }));
}

function passagesOf(text: readonly (readonly number[])[], most: number, shared: number): (readonly number[])[] {
  return partsOf(placed(text), most, shared).map(({ ids }) => ids);
}

describe('passages of a text', () => {
  it('have all of its tokens, in order, and begin with the end of the one before', () => {
    fc.assert(
      fc.property(units, room, overlap, (text, most, shared) => {
        const passages = passagesOf(text, most, shared);
        const seen: number[] = [];
        for (const passage of passages) {
          const repeated = passage.filter((token) => token < seen.length);
          expect(repeated).toEqual(seen.slice(seen.length - repeated.length));
          expect(repeated.length).toBeLessThanOrEqual(shared);
          seen.push(...passage.slice(repeated.length));
        }
        expect(seen).toEqual(text.flat());
      }),
    );
  });

  it('are at most as long as there is room, and one of them is enough where the whole text fits', () => {
    fc.assert(
      fc.property(units, room, overlap, (text, most, shared) => {
        const passages = passagesOf(text, most, shared);
        for (const passage of passages) expect(passage.length).toBeLessThanOrEqual(most);
        expect(passages.length === 1).toBe(text.flat().length <= most);
      }),
    );
  });

  it('begin and end where units do, unless a unit is longer than a passage', () => {
    fc.assert(
      fc.property(units, room, overlap, (text, most, shared) => {
        fc.pre(text.every((unit) => unit.length <= most));
        const starts = new Set(text.map(([first]) => first));
        for (const [first] of passagesOf(text, most, shared))
          if (first !== undefined) expect(starts.has(first)).toBe(true);
      }),
    );
  });

  it('stand from where their first unit begins to where their last one ends', () => {
    fc.assert(
      fc.property(units, room, overlap, (text, most, shared) => {
        const unitOf = (token: number) => placed(text).find(({ ids }) => ids.includes(token))!;
        for (const { ids, start, end } of partsOf(placed(text), most, shared)) {
          if (ids.length === 0) continue;
          expect([start, end]).toEqual([unitOf(ids[0]!).start, unitOf(ids.at(-1)!).end]);
        }
      }),
    );
  });
});
