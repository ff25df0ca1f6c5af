import { roundToNineBits, SMALLEST_NORMAL, truncateToNineBits } from '../sparse/precision.js';

/** Stored precision of every field type that stands on Lucene's FeatureField: positive normal float32, 9 significant bits, cut. */
export const featurePrecision = {
  sendable: (weight: number) => (Math.fround(weight) < SMALLEST_NORMAL ? 0 : roundToNineBits(weight)),
  stored: (weight: number) => (Math.fround(weight) < SMALLEST_NORMAL ? 0 : truncateToNineBits(weight)),
};
