/** Entries of the vocabulary that the share of candidates is taken from. */
export const SAMPLED_ENTRIES = 1024;
/** States that count as one text, evenly spread over those there are. */
export const SAMPLED_STATES = 256;
/** What a candidate costs beside an entry of the whole decoder: its row is gathered and packed first. Measured: 1.2 to 1.4. */
const COST_OF_CANDIDATE = 1.3;
/** Beyond this share of the decoder's own multiplications a screen is not worth its memory. */
export const WORTH_IT = 7 / 8;

/**
 * What screening costs, as a share of multiplying by the whole decoder in float32.
 * @param ofBounds what the bounds of all entries cost, as such a share
 * @param candidates the share of the entries that they leave
 */
export function screeningCost(ofBounds: number, candidates: number): number {
  return ofBounds + COST_OF_CANDIDATE * candidates;
}
