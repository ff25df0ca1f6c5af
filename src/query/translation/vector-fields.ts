import { passageVector } from '../../dialect/kept-passages.js';
import type { VectorPlan } from '../../mapping/vector-plan.js';

/** A text field of a clause, with the weight that the clause gives it. */
export interface WeightedField {
  readonly name: string;
  readonly boost: number;
}

/** What a clause's fields become. */
export interface Coverage {
  /** The vector fields that stand for them, each with the largest boost of the fields it was made of. */
  readonly vectors: readonly CoveringVector[];
  /** The fields, as the clause wrote them, that no vector was made of. */
  readonly uncovered: readonly WeightedField[];
}

export interface CoveringVector {
  readonly field: string;
  readonly boost: number;
  /** The fields of the clause that it stands for. */
  readonly covers: readonly string[];
  /** Fields it was also made of and that the clause did not name. */
  readonly widenedBy: readonly string[];
}

interface PlannedVector {
  readonly field: string;
  readonly from: ReadonlySet<string>;
}

/** Which vector field stands for which text fields, by an index's plan. */
export class VectorFields {
  readonly #vectors: readonly PlannedVector[];

  constructor(plan: Pick<VectorPlan, 'vectors'>) {
    this.#vectors = Object.entries(plan.vectors).map(([field, { from }]) => ({ field, from: new Set(from) }));
  }

  /** Whether a field is one of the vector fields, or that of the passages in one. */
  has(field: string): boolean {
    return this.#vectors.some((vector) => vector.field === field || passageVector(vector.field) === field);
  }

  /**
   * The vectors that stand for a clause's fields: each time the one that was made of most of the fields left and of fewest others,
   * the first in the plan among equals. Patterns (`title*`) name no field and are not covered.
   * @param scope the nested object that the clause asks inside: only vectors of the same object stand for its fields.
   */
  cover(fields: readonly WeightedField[], scope?: string): Coverage {
    const vectors: CoveringVector[] = [];
    let left = fields;
    for (;;) {
      const best = this.#best(left, scope);
      if (!best) return { vectors, uncovered: left };
      const covered = left.filter(({ name }) => best.from.has(name));
      vectors.push({
        field: best.field,
        boost: Math.max(...covered.map(({ boost }) => boost)),
        covers: covered.map(({ name }) => name),
        widenedBy: [...best.from].filter((name) => !fields.some((field) => field.name === name)),
      });
      left = left.filter(({ name }) => !best.from.has(name));
    }
  }

  #best(fields: readonly WeightedField[], scope: string | undefined): PlannedVector | undefined {
    let best: PlannedVector | undefined;
    let bestShared = 0;
    for (const vector of this.#vectors) {
      if (scope !== undefined && !vector.field.startsWith(`${scope}.`)) continue;
      const shared = fields.filter(({ name }) => vector.from.has(name)).length;
      const closer = shared === bestShared && best !== undefined && vector.from.size < best.from.size;
      if (shared > bestShared || closer) [best, bestShared] = [vector, shared];
    }
    return best;
  }
}
