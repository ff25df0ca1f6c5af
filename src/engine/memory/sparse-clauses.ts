import type { JsonObject } from '../../dialect/dialect.js';
import type { AskedFeature } from './feature-index.js';

/**
 * A query that is nothing but a dot product with one field: `bool.should` of linear `rank_feature` clauses. Such a query need not be
 * evaluated clause by clause. `undefined` for any other.
 */
export function sparseClauses(query: JsonObject): { field: string; features: AskedFeature[] } | undefined {
  const should = onlyEntry(onlyEntry(query, 'bool'), 'should');
  if (!Array.isArray(should) || should.length === 0) return undefined;
  const features: AskedFeature[] = [];
  let field: string | undefined;
  for (const clause of should) {
    const { field: path, boost = 1, linear, ...others } = (onlyEntry(clause, 'rank_feature') ?? {}) as JsonObject;
    const isLinear = typeof linear === 'object' && linear !== null && Object.keys(linear).length === 0;
    if (typeof path !== 'string' || !isLinear || Object.keys(others).length > 0) return undefined;
    const dot = path.lastIndexOf('.');
    field ??= path.slice(0, dot);
    if (path.slice(0, dot) !== field) return undefined;
    features.push({ name: path.slice(dot + 1), boost: Number(boost) });
  }
  return { field: field!, features };
}

/** The value under `key` where that is an object's only key. */
function onlyEntry(object: unknown, key: string): unknown {
  if (typeof object !== 'object' || object === null) return undefined;
  const entries = Object.entries(object);
  return entries.length === 1 && entries[0]![0] === key ? entries[0]![1] : undefined;
}
