import { isDeepStrictEqual } from 'node:util';
import type { VectorField, VectorPlan } from '../mapping/vector-plan.js';
import { FieldMadeOtherwise } from './connector-faults.js';

/**
 * Checks that what a connection writes is made as the index says its vectors are: documents of one field that are pruned, cut or joined
 * from texts otherwise are not comparable, and the plan would be true of none of them.
 * @throws {FieldMadeOtherwise}
 */
export function mustMatchFields(index: string, stored: VectorPlan, wanted: VectorPlan): void {
  const mustBeSame = (aspect: string, was: unknown, is: unknown) => {
    if (!isDeepStrictEqual(was, is)) throw new FieldMadeOtherwise(index, aspect, shown(was), shown(is));
  };
  mustBeSame('texts cut at', stored.model.maxTokens, wanted.model.maxTokens);
  for (const [field, made] of Object.entries(wanted.vectors)) {
    const before: VectorField | undefined = stored.vectors[field];
    if (!before) continue;
    mustBeSame(`field ${field} from`, before.from, made.from);
    mustBeSame(`field ${field} weighed by`, before.weights, made.weights);
    mustBeSame(`field ${field} pruned by`, before.pruning, made.pruning);
    mustBeSame(`field ${field} in passages of`, before.passages, made.passages);
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'none';
}
