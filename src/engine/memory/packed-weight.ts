import { DROPPED_BITS } from '../../sparse/precision.js';

/**
 * A stored weight in 16 bits: what Lucene's FeatureField keeps, `floatToIntBits(w) >>> 15`. The sign is always 0, so the 17 bits that
 * are kept fit in 16.
 */
const bits = new Uint32Array(1);
const single = new Float32Array(bits.buffer);

/** The weight of every code: 256 kB, of which the weights that occur touch a few kB. */
export const WEIGHT_OF_CODE: Float32Array = weightsOfCodes();

/** The code of a weight of at least the smallest normal float32: cut to 9 significant bits. */
export function packWeight(weight: number): number {
  single[0] = weight;
  return bits[0]! >>> DROPPED_BITS;
}

function weightsOfCodes(): Float32Array {
  return new Float32Array(Uint32Array.from({ length: 1 << 16 }, (_, code) => code << DROPPED_BITS).buffer);
}
