import type { Quantisation } from './quantisation.js';

/** What a quantisation has cost one side, documents or queries. Weights are in the model's units, not in impacts. */
export interface Loss {
  readonly vectors: number;
  readonly terms: number;
  /** Terms whose impact became 0: no longer in the vector. */
  readonly zeros: number;
  /** Terms heavier than the quantisation's range. */
  readonly clipped: number;
  /** The largest difference of one weight from what its impact stands for. */
  readonly largestWeightError: number;
  /** The largest sum of weights of a vector: before, and as the impacts have it. */
  readonly largestMass: number;
  readonly largestQuantisedMass: number;
  /** The largest impact. */
  readonly largestImpact: number;
}

const NOTHING: Loss = {
  vectors: 0,
  terms: 0,
  zeros: 0,
  clipped: 0,
  largestWeightError: 0,
  largestMass: 0,
  largestQuantisedMass: 0,
  largestImpact: 0,
};

/** Sees every weight beside its impact, in constant memory. */
export class LossMeter {
  readonly #quantisation: Quantisation;
  #loss: Loss;
  /** With the vector that is under way, which may yet be refused. */
  #next: { -readonly [K in keyof Loss]: Loss[K] };
  #mass = 0;
  #quantisedMass = 0;

  /** @param soFar what an earlier, interrupted run had seen. */
  constructor(quantisation: Quantisation, soFar: Loss = NOTHING) {
    this.#quantisation = quantisation;
    this.#loss = soFar;
    this.#next = { ...soFar };
  }

  get loss(): Loss {
    return this.#loss;
  }

  /** A vector that was begun and not ended counts for nothing. */
  beginVector(): void {
    this.#next = { ...this.#loss };
    this.#mass = 0;
    this.#quantisedMass = 0;
  }

  add(weight: number, impact: number): void {
    const loss = this.#next;
    const stands = impact / this.#quantisation.scale;
    loss.terms++;
    if (impact === 0) loss.zeros++;
    if (impact === this.#quantisation.ceiling && stands < weight) loss.clipped++;
    loss.largestWeightError = Math.max(loss.largestWeightError, Math.abs(stands - weight));
    loss.largestImpact = Math.max(loss.largestImpact, impact);
    this.#mass += weight;
    this.#quantisedMass += stands;
  }

  endVector(): void {
    const loss = this.#next;
    loss.vectors++;
    loss.largestMass = Math.max(loss.largestMass, this.#mass);
    loss.largestQuantisedMass = Math.max(loss.largestQuantisedMass, this.#quantisedMass);
    this.#loss = loss;
  }
}

/**
 * How far the score of any of these queries on any of these documents can be from the one before quantisation, in the model's
 * units: `|q'd' - qd| <= |q'|_1 * |d' - d|_max + |q' - q|_max * |d|_1`.
 */
export function scoreDifferenceBound(queries: Loss, documents: Loss): number {
  return (
    queries.largestQuantisedMass * documents.largestWeightError + queries.largestWeightError * documents.largestMass
  );
}

/** A bound on the integer score of any of these queries on any of these documents. Under 2^24 a float32 holds it exactly. */
export function integerScoreBound(queries: Loss, documents: Loss, quantisation: Quantisation): number {
  return Math.ceil(queries.largestQuantisedMass * quantisation.scale * documents.largestImpact);
}
