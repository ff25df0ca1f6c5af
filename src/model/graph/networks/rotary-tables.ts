/**
 * Cosines and sines of rotary positions (arXiv 2104.09864), [positions, width / 2]: the angle of place `p` and pair `i` is
 * `p / theta^(2i / width)`.
 */
export function rotaryTables(positions: number, width: number, theta: number) {
  const pairs = width / 2;
  const angles = Float64Array.from({ length: positions * pairs }, (_, at) => {
    const pair = at % pairs;
    return Math.floor(at / pairs) / theta ** ((2 * pair) / width);
  });
  const shape = [positions, pairs] as const;
  return { shape, cosines: Float32Array.from(angles, Math.cos), sines: Float32Array.from(angles, Math.sin) };
}
