import { dialectForNewField, dialectIn } from '../dialect/choose-dialect.js';
import type { Dialect, DialectName, JsonObject } from '../dialect/dialect.js';
import { keptPassages } from '../dialect/kept-passages.js';
import type { Encoder } from '../encoder/encoder.js';
import type { Passages } from '../encoder/passages.js';
import type { Engine, IndexDescription, RequestOptions } from '../engine/engine.js';
import { IndexExists } from '../engine/engine-faults.js';
import { findIndex } from '../engine/find-index.js';
import { mustNotBeText } from '../mapping/field-taken.js';
import { writtenFields } from '../mapping/field-texts.js';
import { HEAVIEST_FIELD, isFieldWeight, LIGHTEST_FIELD } from '../mapping/field-weight.js';
import { type MappingOptions, mappingFor } from '../mapping/index-body.js';
import { mustTakeDocuments } from '../mapping/match-plan.js';
import type { VectorsInSource } from '../mapping/source-handling.js';
import { planFor, readVectorPlan, type VectorField, type VectorPlan } from '../mapping/vector-plan.js';
import { FieldWeightsUnfit, PlanDiffers } from './ingest-faults.js';

/** The name of the vector field, unless another is given. */
const DEFAULT_FIELD = 'splade';

/** How the vectors of an index are made. For one that is there: what must match, if given. */
export interface VectorOptions {
  readonly encoder: Encoder;
  /** The text fields, joined in this order. */
  readonly textFields?: readonly string[];
  /** A weight for each text field, 0.01 to 100: then each is encoded by itself, and an entry of the vector has the largest of its weights, each times that of its field. */
  readonly textWeights?: readonly number[];
  /** The vector field. Default `splade`. */
  readonly field?: string;
  /** A vector field for each text field, `splade_title` for `title`; otherwise one of all, joined. */
  readonly perField?: boolean;
  /** The pruning of documents, as `parsePruning` reads it. Default `none`, or the index's own. */
  readonly pruning?: string;
  /** Long texts in passages of so many tokens, or as many as the model takes; otherwise they are cut. */
  readonly passages?: Passages;
  readonly dialect?: DialectName;
}

export interface PrepareOptions extends RequestOptions, VectorOptions {
  /** The text fields of a new index where none are named. */
  readonly usualTextFields: () => readonly string[];
  /** Called with the text fields of a new index before it is made; throws where the documents to come have none of them. */
  readonly mustHaveText?: (fields: readonly string[]) => void | Promise<void>;
  /** Called with the text fields of an index that is there, before anything is written to it: changes of single documents may well have none of them. */
  readonly onIndexThere?: (fields: readonly string[]) => void;
  readonly analyzer?: string;
  readonly vectorsInSource?: VectorsInSource;
  readonly settings?: JsonObject;
  /** What a new index has beside the plan. */
  readonly like?: MappingOptions['like'];
}

/** An index that is ready to be written to. */
export interface PreparedIndex {
  readonly plan: VectorPlan;
  readonly dialect: Dialect;
  /** Whether it has just been made. */
  readonly created: boolean;
}

/**
 * Makes the index, or checks that the one that is there takes the vectors that are to come.
 * @throws {NoVectorPlan} {ModelMismatch} {@link PlanDiffers} for an index made otherwise, and what `mustHaveText` throws.
 */
export async function prepareIndex(engine: Engine, index: string, options: PrepareOptions): Promise<PreparedIndex> {
  const found = await findIndex(engine, index, options);
  if (found) return checkPlanned(engine, found, options);
  try {
    return await createIndex(engine, index, options);
  } catch (error) {
    // Of several processes that begin at once, one makes it.
    if (!(error instanceof IndexExists)) throw error;
    return checkPlanned(engine, await engine.describeIndex(index, options), options);
  }
}

/** For whoever stands on this room, and not on that of engines. */
export { findIndex };

async function createIndex(engine: Engine, index: string, options: PrepareOptions): Promise<PreparedIndex> {
  const { signal } = options;
  const { plan, dialect } = planVectors(engine, options.textFields ?? options.usualTextFields(), options);
  await options.mustHaveText?.(textFieldsOf(plan));
  await engine.createIndex(index, { ...mappingFor({ ...options, dialect, plan }) }, { signal });
  return { plan, dialect, created: true };
}

function checkPlanned(engine: Engine, index: IndexDescription, options: PrepareOptions): PreparedIndex {
  const prepared = checkIndex(engine, index, options);
  options.onIndexThere?.(textFieldsOf(prepared.plan));
  return prepared;
}

/** The fields that an index makes vectors from, each once. */
function textFieldsOf({ vectors }: VectorPlan): string[] {
  return [...new Set(Object.values(vectors).flatMap(({ from }) => from))];
}

/** The plan of a new index. @throws {FieldTaken} where a text field is to be a vector field. {@link FieldWeightsUnfit} */
export function planVectors(engine: Engine, textFields: readonly string[], options: VectorOptions) {
  const { encoder } = options;
  mustFit(textFields, options);
  const vectors = vectorFields(textFields, options);
  mustNotBeText(Object.keys(vectors), textFields);
  const plain = dialectForNewField(engine.version, options.dialect);
  const dialect = options.passages?.kept ? keptPassages(plain) : plain;
  const plan = planFor({ model: encoder.identity, vocabulary: encoder.vocabulary, dialect, vectors });
  return { plan, dialect };
}

/** @throws {@link FieldWeightsUnfit} */
function mustFit(textFields: readonly string[], { textWeights, perField, passages }: VectorOptions): void {
  if (!textWeights) return;
  const refuse = (found: string) => {
    throw new FieldWeightsUnfit(textFields, textWeights, found);
  };
  if (perField) refuse('a vector field for each text field: ask them by weights, as in multi_match');
  if (passages?.kept) refuse('passages that are kept, each of all fields');
  if (textWeights.length !== textFields.length) refuse(`${textFields.length} text fields`);
  const odd = textWeights.find((weight) => !isFieldWeight(weight));
  if (odd !== undefined) refuse(`${odd}, which is not between ${LIGHTEST_FIELD} and ${HEAVIEST_FIELD}`);
}

function vectorFields(textFields: readonly string[], options: VectorOptions): Record<string, VectorField> {
  const { encoder, field = DEFAULT_FIELD, perField, textWeights, pruning = 'none' } = options;
  const passages = options.passages && {
    ...options.passages,
    tokens: Math.min(options.passages.tokens, encoder.identity.maxTokens),
  };
  const of = (from: readonly string[]): VectorField => ({ from: [...from], pruning, ...(passages && { passages }) });
  const weights = textWeights && [...textWeights];
  if (!perField) return { [field]: { ...of(textFields), ...(weights && { weights }) } };
  return Object.fromEntries(textFields.map((name) => [`${field}_${name.replaceAll('.', '_')}`, of([name])]));
}

/**
 * Checks that an index takes the vectors that are to come.
 * @throws {NoVectorPlan} {ModelMismatch} {@link PlanDiffers} {@link FieldWeightsUnfit}
 */
export function checkIndex(
  engine: Engine,
  { name, mappings }: IndexDescription,
  options: VectorOptions,
): PreparedIndex {
  const plan = readVectorPlan(name, mappings);
  mustTakeDocuments(name, plan, options.encoder.identity, options.encoder.vocabulary.fingerprint);
  const [first] = Object.keys(plan.vectors);
  mustBePlanned(name, plan, askedOf(plan, options), options);
  if (options.dialect !== undefined && plan.dialect !== options.dialect)
    throw new PlanDiffers(name, 'dialect', plan.dialect, options.dialect);
  return { plan, dialect: dialectIn(engine.version, mappings, first!, plan.dialect), created: false };
}

/** The vector fields that options ask for of an index with this plan: what they leave open is as it is there. */
function askedOf({ vectors }: VectorPlan, options: VectorOptions): Record<string, VectorField> {
  const { perField, textFields, textWeights, field = Object.keys(vectors)[0]! } = options;
  if (textFields) mustFit(textFields, options);
  if (perField) return textFields ? vectorFields(textFields, options) : {};
  if (textFields) return vectorFields(textFields, { ...options, field });
  const { from = [], weights } = vectors[field] ?? {};
  mustFit(from, options);
  return vectorFields(from, { ...options, field, textWeights: textWeights ?? weights });
}

/** @throws {@link PlanDiffers} where a vector field is not there, or made otherwise than options say. */
function mustBePlanned(
  index: string,
  { vectors }: VectorPlan,
  asked: Readonly<Record<string, VectorField>>,
  { pruning, passages }: VectorOptions,
): void {
  for (const [field, way] of Object.entries(asked)) {
    const stored = vectors[field];
    if (!stored) throw new PlanDiffers(index, 'vector field', 'none of that name', field);
    const mustEqual = (aspect: string, is: string, given: string) => {
      if (is !== given) throw new PlanDiffers(index, aspect, is, given);
    };
    mustEqual('text fields', writtenFields(stored).join(','), writtenFields(way).join(','));
    if (pruning !== undefined) mustEqual('pruning', stored.pruning, pruning);
    if (passages) mustEqual('passages', textOf(stored.passages), textOf(way.passages));
  }
}

function textOf(passages: Passages | undefined): string {
  if (!passages) return 'none';
  return `${passages.tokens}/${passages.overlap}${passages.kept ? ', kept' : ''}`;
}
