/**
 * What Lucene keeps of a feature's weight. `FeatureField` (org.apache.lucene.document.FeatureField) stores a weight as a term
 * frequency, `Float.floatToIntBits(w) >>> 15`: of a float32's 24 significant bits, the first 9, the rest cut off.
 */

/** The smallest positive normal float32, 2^-126: `FeatureField` refuses anything below. */
export const SMALLEST_NORMAL = 2 ** -126;

/** Bits of the float32 that `FeatureField` drops. */
export const DROPPED_BITS = 15;
const KEPT_MASK = -1 << DROPPED_BITS;
const HALF_OF_DROPPED = 1 << (DROPPED_BITS - 1);

const scratch = new Float32Array(1);
const scratchBits = new Int32Array(scratch.buffer);

/** The largest finite value of 9 significant bits. */
const LARGEST_KEPT = withBits(0x7f7fffff & KEPT_MASK);

/** The weight as `FeatureField` decodes it: cut to 9 significant bits. For `weight >= SMALLEST_NORMAL`. */
export function truncateToNineBits(weight: number): number {
  return withBits(bitsOf(weight) & KEPT_MASK);
}

/**
 * The nearest weight that `FeatureField` keeps whole (ties to even), so that what is sent is what is stored. Rounding halves the
 * error of cutting and removes its bias. For `weight >= SMALLEST_NORMAL`; the result is finite.
 */
export function roundToNineBits(weight: number): number {
  const bits = bitsOf(weight);
  const lastKept = (bits >>> DROPPED_BITS) & 1;
  const rounded = withBits((bits + HALF_OF_DROPPED - 1 + lastKept) & KEPT_MASK);
  return Number.isFinite(rounded) ? rounded : LARGEST_KEPT;
}

/** How many float32 values lie between two finite float32 of the same sign; 0 when they are the same. */
export function unitsApart(a: number, b: number): number {
  return Math.abs(bitsOf(a) - bitsOf(b));
}

function bitsOf(value: number): number {
  scratch[0] = value;
  return scratchBits[0]!;
}

function withBits(bits: number): number {
  scratchBits[0] = bits;
  return scratch[0]!;
}
