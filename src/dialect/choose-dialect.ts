import { Fault } from '../fault/fault.js';
import type { Dialect, DialectName, JsonObject } from './dialect.js';
import { type EngineVersion, isAtLeast, mustBeSupported } from './engine-version.js';
import { esSparseVector } from './es-sparse-vector.js';
import { keptPassages, mappingOfPassages } from './kept-passages.js';
import { osNeuralSparse } from './os-neural-sparse.js';
import { rankFeatures } from './rank-features.js';

/** A field that is there already, and is no vector field, or one that this engine cannot be asked about. */
export class NotAVectorField extends Fault {
  readonly code = 'FIELD_NOT_A_VECTOR';
  constructor(
    readonly type: string,
    engine: EngineVersion,
  ) {
    super({
      asked: `a sparse vector field on ${engine.flavour} ${engine.text}`,
      found: `a field of type ${type}`,
      remedy: 'Name a field of type rank_features, or sparse_vector on Elasticsearch 8.15 or newer',
    });
  }
}

/** A dialect that this engine does not speak. */
export class DialectNotSpoken extends Fault {
  readonly code = 'DIALECT_NOT_SPOKEN';
  constructor(
    readonly dialect: string,
    engine: EngineVersion,
    readonly spoken: readonly string[],
  ) {
    super({
      asked: `dialect ${dialect} on ${engine.flavour} ${engine.text}`,
      found: 'the engine does not speak it',
      remedy: `It speaks: ${spoken.join(', ')}`,
    });
  }
}

/**
 * The dialects that an engine speaks, the best first: Elasticsearch's own field where it has the query for it (8.15),
 * `rank_features` with `linear` everywhere; OpenSearch's `neural_sparse` over the same field.
 * @throws {UnsupportedEngine} for an engine that is too old.
 */
export function dialectsOf(engine: EngineVersion): readonly Dialect[] {
  mustBeSupported(engine);
  const spoken: Dialect[] = [];
  if (isAtLeast(engine, 'elasticsearch', 8, 15)) spoken.push(esSparseVector(engine));
  spoken.push(rankFeatures);
  // Last, and so never taken unless it is named: the version does not tell whether the plug-in is there.
  if (isAtLeast(engine, 'opensearch', 2, 12)) spoken.push(osNeuralSparse);
  return spoken;
}

/**
 * The dialect for a new field: the one named, or the engine's best.
 * @throws {DialectNotSpoken} for a name that the engine does not speak.
 */
export function dialectForNewField(engine: EngineVersion, name?: DialectName): Dialect {
  const spoken = dialectsOf(engine);
  const chosen = name === undefined ? spoken[0] : spoken.find((dialect) => dialect.name === name);
  const names = spoken.map((dialect) => dialect.name);
  if (!chosen) throw new DialectNotSpoken(name ?? 'any', engine, names);
  return chosen;
}

/**
 * The dialect of a field that is there, by its type in the index's mapping; of several for one type, the one that the index's plan names.
 * @param planned the plan's dialect.
 * @throws {NotAVectorField} for any other type.
 */
export function dialectForField(engine: EngineVersion, type: string, planned?: string): Dialect {
  const fitting = dialectsOf(engine).filter((spoken) => spoken.field.type === type);
  const dialect = fitting.find(({ name }) => name === planned) ?? fitting[0];
  if (!dialect) throw new NotAVectorField(type, engine);
  return dialect;
}

/**
 * The dialect of a vector field of an index: {@link dialectForField} by the index's own mapping, also where the field keeps passages.
 * @param mappings the index's `mappings`, as the engine gives them.
 * @throws {NotAVectorField} where the field is not there, or of another type.
 */
export function dialectIn(engine: EngineVersion, mappings: JsonObject, field: string, planned?: string): Dialect {
  const properties = mappings.properties as Readonly<Record<string, JsonObject>> | undefined;
  const mapping = properties?.[field] ?? {};
  const inside = mappingOfPassages(mapping);
  if (inside) return keptPassages(dialectForField(engine, String(inside.type), planned));
  return dialectForField(engine, String(mapping.type ?? 'none'), planned);
}
