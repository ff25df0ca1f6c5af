import { crc32 } from 'node:zlib';

/** `SCALE` of test/golden/generators/small_checkpoints.py. */
const SCALE = 0.9;

/**
 * The weights that small_checkpoints.py gives a tensor of this name: mulberry32 of the name's CRC-32, centred on 1 for the weights
 * of a LayerNorm.
 */
export function seededWeights(name: string, count: number): Float32Array {
  const centre = /norm\.(weight|gamma)$/i.test(name) ? 1 : 0;
  let state = crc32(name);
  return Float32Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return centre + SCALE * (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 - 0.5);
  });
}
