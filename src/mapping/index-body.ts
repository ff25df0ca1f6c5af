import type { Dialect, JsonObject } from '../dialect/dialect.js';
import { mustBeFree } from './field-taken.js';
import { settingsOver } from './settings-over.js';
import { sourceHandling, type VectorsInSource } from './source-handling.js';
import type { VectorPlan } from './vector-plan.js';

/** The body of a `PUT /index`. */
export interface IndexBody {
  readonly settings: JsonObject;
  readonly mappings: JsonObject & { readonly properties: JsonObject };
}

/** What an index body is generated from. */
export interface MappingOptions {
  readonly dialect: Dialect;
  readonly plan: VectorPlan;
  /** The analyzer of the text fields; the engine's default where absent. */
  readonly analyzer?: string;
  readonly vectorsInSource?: VectorsInSource;
  /** Further settings, flat or nested, as the engine takes them: shards, replicas, analysis. They win over those of `like`. */
  readonly settings?: JsonObject;
  /** An index that is there: its analysis, its settings that make sense for a new index, and its fields are taken over. */
  readonly like?: { readonly settings: JsonObject; readonly mappings: JsonObject };
}

/**
 * The body of a new index with vector fields: the plan's text fields, its vector fields in the dialect's type, and the plan
 * itself under `_meta.termweave`. Pure and stable: the same options give the same bytes.
 * @throws {@link FieldTaken} where the index that is there uses a vector field for something else.
 * @throws {@link VectorsExcluded} where vectors are to be kept, and a pattern of `like` leaves them out of `_source`.
 */
export function mappingFor(options: MappingOptions): IndexBody {
  const { dialect, plan, like, vectorsInSource = 'keep' } = options;
  const vectorFields = Object.keys(plan.vectors);
  const inherited = like?.mappings ?? {};
  mustBeFree(inherited, vectorFields);
  const source = sourceHandling(inherited._source as JsonObject | undefined, vectorsInSource, vectorFields);
  return {
    settings: settingsOver(settingsLike(like?.settings), { ...dialect.settings, ...options.settings }),
    mappings: {
      ...inherited,
      _meta: { ...(inherited._meta as JsonObject | undefined), termweave: plan },
      ...(source && { _source: source }),
      properties: {
        ...textFields(plan, options.analyzer),
        ...(inherited.properties as JsonObject | undefined),
        ...Object.fromEntries(vectorFields.map((field) => [field, dialect.field])),
      },
    },
  };
}

function textFields(plan: VectorPlan, analyzer: string | undefined): JsonObject {
  const names = new Set(Object.values(plan.vectors).flatMap((vector) => vector.from));
  // A dotted name is a field inside an object, which only the index itself can describe.
  const topLevel = [...names].filter((name) => !name.includes('.'));
  return Object.fromEntries(topLevel.map((name) => [name, { type: 'text', ...(analyzer && { analyzer }) }]));
}

/** Settings that describe one index in one cluster, not what it holds; an engine refuses them for a new index. */
const SETTINGS_OF_ONE_INDEX = new Set(
  ['blocks', 'creation_date', 'frozen', 'history', 'lifecycle', 'provided_name', 'replication', 'resize'].concat([
    'routing',
    'shard',
    'uuid',
    'verified_before_close',
    'version',
  ]),
);

function settingsLike(settings: JsonObject | undefined): JsonObject {
  const ofIndex = settings?.index as JsonObject | undefined;
  if (!ofIndex) return {};
  const kept = Object.entries(ofIndex).filter(([name]) => !SETTINGS_OF_ONE_INDEX.has(name));
  return { index: Object.fromEntries(kept) };
}
