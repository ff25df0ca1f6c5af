import fc from 'fast-check';
import { roundToNineBits, SMALLEST_NORMAL, truncateToNineBits, unitsApart } from '../../../src/sparse/precision.js';

const weight = fc.float({ min: Math.fround(SMALLEST_NORMAL), max: Math.fround(1e30), noNaN: true });

/** Lucene's FeatureField, written out: floatToIntBits(w) >>> 15, and back. */
function featureField(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  const frequency = view.getUint32(0) >>> 15;
  view.setUint32(0, frequency << 15);
  return view.getFloat32(0);
}

/** The float32 that is `units` of them above a positive one. */
function above(value: number, units: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  view.setUint32(0, view.getUint32(0) + units);
  return view.getFloat32(0);
}

describe('stored precision', () => {
  it('cuts as FeatureField does', () => {
    fc.assert(fc.property(weight, (w) => truncateToNineBits(w) === featureField(w)));
  });

  it('rounds to a weight that FeatureField keeps whole', () => {
    fc.assert(fc.property(weight, (w) => featureField(roundToNineBits(w)) === roundToNineBits(w)));
  });

  it('rounds to the nearer of the two neighbours', () => {
    fc.assert(
      fc.property(weight, (w) => {
        const below = featureField(w);
        return Math.abs(roundToNineBits(w) - w) <= Math.min(w - below, above(below, 2 ** 15) - w);
      }),
    );
  });

  it('keeps order', () => {
    fc.assert(fc.property(weight, weight, (a, b) => a > b || roundToNineBits(a) <= roundToNineBits(b)));
  });

  it('stays finite at the top and normal at the bottom', () => {
    expect(roundToNineBits(3.4028234663852886e38)).toBe(featureField(3.4028234663852886e38));
    expect(roundToNineBits(SMALLEST_NORMAL)).toBe(SMALLEST_NORMAL);
  });

  it('counts units in the last place', () => {
    fc.assert(fc.property(weight, (w) => unitsApart(w, above(w, 1)) === 1));
  });
});
