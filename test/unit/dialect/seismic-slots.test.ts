import { seismicSlots, TooManyTerms } from '../../../src/dialect/seismic-slots.js';
import { UnknownToken, Vocabulary } from '../../../src/sparse/vocabulary.js';

const tokens = (size: number) => new Vocabulary(Array.from({ length: size }, (_, id) => `t${id}`));

describe('slots of a SEISMIC field', () => {
  it('are the ids of a vocabulary that fits', () => {
    const slots = seismicSlots(tokens(32_768));
    expect([slots.nameOf('t0'), slots.nameOf('t32767'), slots.tokenOf('32767')]).toEqual(['0', '32767', 't32767']);
  });

  it('of a larger one stand for the used terms alone, each with its own, below 32,768', () => {
    const used = [3, 40_000, 69_999, 7_232];
    const slots = seismicSlots(tokens(70_000), used);
    const names = used.map((id) => slots.nameOf(`t${id}`));
    expect(new Set(names).size).toBe(used.length);
    for (const name of names) expect(Number(name)).toBeLessThan(32_767);
    expect(names.map((name) => slots.tokenOf(name))).toEqual(used.map((id) => `t${id}`));
    // What no document has goes where no document is.
    expect(slots.nameOf('t5')).toBe('32767');
  });

  it('refuse more terms than there are, and tokens of no vocabulary', () => {
    expect(() => seismicSlots(tokens(32_769))).toThrow(TooManyTerms);
    expect(() => seismicSlots(tokens(3)).nameOf('other')).toThrow(UnknownToken);
  });
});
