/** A boost within another, as Lucene multiplies them: in float32. */
export function boosted(around: number, boost: unknown = 1): number {
  return Math.fround(Math.fround(around) * Math.fround(Number(boost)));
}
