import { QuantisationUnfit } from './export-faults.js';
import type { LossMeter } from './loss-meter.js';
import type { Quantisation } from './quantisation.js';
import type { TokenVector } from './token-vector.js';

/**
 * The vector with an impact in place of each weight; terms whose impact is 0 are left out. The meter sees what that cost.
 * @param check may throw: then the meter has not seen the vector.
 */
export function quantise(
  vector: TokenVector,
  quantisation: Quantisation,
  meter: LossMeter,
  check?: (quantised: TokenVector) => void,
): TokenVector {
  const tokens: string[] = [];
  const impacts: number[] = [];
  meter.beginVector();
  for (let i = 0; i < vector.tokens.length; i++) {
    const weight = vector.weights[i]!;
    const impact = quantisation.impactOf(weight);
    meter.add(weight, impact);
    if (impact === 0) continue;
    tokens.push(vector.tokens[i]!);
    impacts.push(impact);
  }
  const quantised = { id: vector.id, tokens, weights: impacts };
  check?.(quantised);
  meter.endVector();
  return quantised;
}

/** @throws {QuantisationUnfit} unless every weight is a whole number that a term frequency can be. */
export function mustBeWhole(vector: TokenVector, format: string, quantisation: Quantisation): void {
  const fraction = vector.weights.findIndex((weight) => !(Number.isInteger(weight) && weight < 2 ** 31));
  if (fraction < 0) return;
  const found = `weight ${vector.weights[fraction]} of token ${JSON.stringify(vector.tokens[fraction])} in ${JSON.stringify(vector.id)}`;
  throw new QuantisationUnfit(format, quantisation.spec, found);
}
