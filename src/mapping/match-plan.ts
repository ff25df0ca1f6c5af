import { Fault } from '../fault/fault.js';
import { type ModelStamp, passagesOfFields, type VectorPlan } from './vector-plan.js';

/** An index whose vectors another model made, or the same one in another way. */
export class ModelMismatch extends Fault {
  readonly code = 'MODEL_MISMATCH';
  constructor(
    readonly index: string,
    readonly aspect: string,
    readonly stored: string,
    readonly given: string,
    remedy: string,
  ) {
    super({
      asked: `use index ${index} with ${aspect} ${given}`,
      found: `its vectors were made with ${aspect} ${stored}`,
      remedy,
    });
  }
}

/** The vectors of an index, and a model that is to ask or write them. */
interface Meeting {
  readonly index: string;
  readonly plan: VectorPlan;
  readonly model: ModelStamp;
  /** The fingerprint of the model's vocabulary. */
  readonly vocabulary: string;
}

/** What the two sides must have in common: as it is shown, and as it is compared where that is another thing. */
interface Aspect {
  readonly name: string;
  readonly stored: string;
  readonly given: string;
  readonly isSame: boolean;
  readonly remedy: string;
}

const OTHER_MODEL = 'Name the model of the index with --model, or reindex with the model you want';

/**
 * Checks that a model's vectors may be asked of an index: the same weights, held in the same precision, the same configuration (where both sides
 * say it), pooling, prompt of documents and vocabulary. What
 * rounding weights costs is known where both sides are rounded, and only there. A query's own cut, and the device that multiplied, may be others:
 * the one leaves out the end of that query alone, the other moves the last places of weights, as the texts of a batch do.
 * @throws {ModelMismatch}
 */
export function mustMatchPlan(index: string, plan: VectorPlan, model: ModelStamp, vocabulary: string): void {
  mustAgree(index, aspectsOfVectors({ index, plan, model, vocabulary }));
}

/**
 * Checks that a model's vectors may be written beside those of an index: {@link mustMatchPlan}, and texts cut at the same length. Of documents that
 * are encoded in passages the passages decide, as long as the model takes them whole.
 * @throws {ModelMismatch}
 */
export function mustTakeDocuments(index: string, plan: VectorPlan, model: ModelStamp, vocabulary: string): void {
  const [stored, given] = [cutOf(plan, plan.model), cutOf(plan, model)];
  mustAgree(index, [
    ...aspectsOfVectors({ index, plan, model, vocabulary }),
    {
      name: 'texts cut at',
      stored: `${stored} tokens`,
      given: `${given} tokens`,
      isSame: stored === given,
      remedy: `Cut them alike with --max-tokens ${plan.model.maxTokens} (loadEncoder: maxTokens), or reindex with the cut you want`,
    },
  ]);
}

function aspectsOfVectors({ plan, model, vocabulary }: Meeting): Aspect[] {
  const equal = (name: string, stored: string, given: string, remedy = OTHER_MODEL): Aspect => {
    return { name, stored, given, isSame: stored === given, remedy };
  };
  // Plans of earlier releases do not say it.
  const configuration = equal('model configuration', `${plan.model.configuration}`, `${model.configuration}`);
  return [
    equal('vocabulary', plan.vocabulary, vocabulary),
    {
      ...equal('model weights', `${plan.model.id} ${plan.model.weights}`, `${model.id} ${model.weights}`),
      isSame: plan.model.weights === model.weights,
    },
    {
      ...configuration,
      isSame: [plan.model.configuration, model.configuration].includes(undefined) || configuration.isSame,
    },
    equal('pooling', plan.model.pooling, model.pooling),
    equal('prompt of documents', promptOf(plan.model), promptOf(model)),
    equal(
      'precision',
      plan.model.precision,
      model.precision,
      `Take --precision ${plan.model.precision} (loadEncoder: precision), or reindex with the precision you want`,
    ),
  ];
}

/** What stands before documents; that of queries may be another, for an index holds nothing of it. */
function promptOf({ prompts }: ModelStamp): string {
  return JSON.stringify(prompts?.document ?? '');
}

function mustAgree(index: string, aspects: readonly Aspect[]): void {
  for (const { name, stored, given, isSame, remedy } of aspects) {
    if (!isSame) throw new ModelMismatch(index, name, stored, given, remedy);
  }
}

/** Where a model's documents are cut in an index, in tokens. */
function cutOf({ vectors }: VectorPlan, { maxTokens }: ModelStamp): number {
  return Math.min(passagesOfFields(vectors)?.tokens ?? Number.POSITIVE_INFINITY, maxTokens);
}
