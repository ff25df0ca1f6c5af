import type { JsonObject } from './dialect.js';

/**
 * The vector field that a query clause asks with a vector of its own, or `undefined` for any other clause.
 * @param name the clause's name, as `rank_feature`. @param body what stands under it.
 */
export function askedField(name: string, body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(FIELDS, name)) return undefined;
  return FIELDS[name]!(body as JsonObject);
}

const FIELDS: Readonly<Record<string, (body: JsonObject) => string | undefined>> = {
  // As RankFeatureQueryBuilder does: the feature's name is what follows the last dot.
  rank_feature: ({ field }) =>
    typeof field === 'string' ? field.slice(0, Math.max(0, field.lastIndexOf('.'))) : undefined,
  sparse_vector: ({ field }) => (typeof field === 'string' ? field : undefined),
  semantic: ({ field }) => (typeof field === 'string' ? field : undefined),
  neural_sparse: (body) => Object.keys(body)[0],
  text_expansion: (body) => Object.keys(body)[0],
  weighted_tokens: (body) => Object.keys(body)[0],
};
