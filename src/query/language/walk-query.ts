import type { JsonObject } from '../../dialect/dialect.js';
import { isObject } from '../../dialect/plain-object.js';
import { InvalidBody } from './body-faults.js';
import {
  type Child,
  childrenOf,
  type LeftReason,
  RETRIEVER_CHILDREN,
  whyRetrieverIsLeft,
  whyScoresDoNotOrder,
} from './query-language.js';

/** Where a clause stands. */
export interface Position {
  /** As `query.bool.must[0]`. */
  readonly path: string;
  /** Queries around it. */
  readonly depth: number;
  /** Why its score does not order the answer; absent where it does. */
  readonly lexicalBecause?: LeftReason;
  /** The nested object that it asks inside. */
  readonly scope?: string;
}

/** Sees every leaf query; what it answers takes the leaf's place. */
export type VisitLeaf = (query: JsonObject, name: string, body: unknown, at: Position) => JsonObject;

/**
 * Visits the leaves of a query and gives the query with what the visitor answered. Parts that stay the same are the same
 * objects: nothing is copied that does not change, and nothing given is changed.
 * @throws {InvalidBody} where something that should be a query is none.
 */
export function walkQuery(query: unknown, at: Position, visit: VisitLeaf): JsonObject {
  if (!isObject(query)) throw new InvalidBody(at.path, 'a query', query);
  const names = Object.keys(query);
  const [name] = names;
  if (name === undefined || names.length > 1 || name === '__proto__') {
    throw new InvalidBody(at.path, 'a query of one name', query);
  }
  const body = query[name];
  const children = isObject(body) ? childrenOf(name, body) : undefined;
  if (!children) {
    if (childrenOf(name, {})) throw new InvalidBody(`${at.path}.${name}`, 'an object', body);
    return visit(query, name, body, at);
  }
  let changed = body as JsonObject;
  for (const child of children) changed = walkChild(changed, child, { ...at, path: `${at.path}.${name}` }, visit);
  return changed === body ? query : { [name]: changed };
}

function walkChild(body: JsonObject, child: Child, parent: Position, visit: VisitLeaf): JsonObject {
  const held = body[child.key];
  if (held === undefined || held === null) return body;
  const at: Position = {
    path: `${parent.path}.${child.key}`,
    depth: parent.depth + 1,
    lexicalBecause: parent.lexicalBecause ?? child.lexicalBecause,
    scope: child.scope ?? parent.scope,
  };
  const walk = (item: unknown, itemAt: Position) => {
    if (child.inside === undefined) return walkQuery(item, itemAt, visit);
    if (!isObject(item)) throw new InvalidBody(itemAt.path, 'an object', item);
    return walkChild(item, { key: child.inside }, itemAt, visit);
  };
  return withChild(body, child.key, walkOneOrMany(held, at, walk));
}

/** Wherever the language takes a list of queries it also takes one query alone. */
function walkOneOrMany(held: unknown, at: Position, walk: (item: unknown, at: Position) => unknown): unknown {
  if (!Array.isArray(held)) return walk(held, at);
  const walked = held.map((item, i) => walk(item, { ...at, path: `${at.path}[${i}]` }));
  return walked.every((item, i) => item === held[i]) ? held : walked;
}

/** Walks the queries inside a retriever of Elasticsearch; one that is left whole is visited as a leaf is. @throws {InvalidBody} */
export function walkRetriever(retriever: unknown, at: Position, visit: VisitLeaf): JsonObject {
  if (!isObject(retriever)) throw new InvalidBody(at.path, 'a retriever', retriever);
  const [[name, body] = ['', undefined]] = Object.entries(retriever);
  if (!isObject(body)) return retriever;
  const left = whyRetrieverIsLeft(name, body);
  if (left) return visit(retriever, name, body, { ...at, lexicalBecause: at.lexicalBecause ?? left });
  let changed = body;
  for (const key of RETRIEVER_CHILDREN[name]!) {
    if (changed[key] === undefined) continue;
    const inner: Position = {
      ...at,
      path: `${at.path}.${name}.${key}`,
      depth: at.depth + 1,
      lexicalBecause: at.lexicalBecause ?? whyScoresDoNotOrder(body),
    };
    const walk = key === 'query' ? walkQuery : walkRetrieverItem;
    changed = withChild(
      changed,
      key,
      walkOneOrMany(changed[key], inner, (item, itemAt) => walk(item, itemAt, visit)),
    );
  }
  return changed === body ? retriever : { [name]: changed };
}

/** The items of a `linear` retriever wrap their retriever, to give it a weight. */
function walkRetrieverItem(item: unknown, at: Position, visit: VisitLeaf): JsonObject {
  if (!isObject(item) || item.retriever === undefined) return walkRetriever(item, at, visit);
  const walked = walkRetriever(item.retriever, { ...at, path: `${at.path}.retriever` }, visit);
  return withChild(item, 'retriever', walked);
}

/** The queries inside a retriever, as they stand. */
export function queriesIn(retriever: unknown): JsonObject[] {
  const [[name, body] = ['', undefined]] = isObject(retriever) ? Object.entries(retriever) : [];
  if (!isObject(body) || !Object.hasOwn(RETRIEVER_CHILDREN, name)) return [];
  return RETRIEVER_CHILDREN[name]!.flatMap((key) =>
    [body[key] ?? []].flat().flatMap((held) => {
      if (key === 'query') return [held as JsonObject];
      return queriesIn(isObject(held) && held.retriever !== undefined ? held.retriever : held);
    }),
  );
}

function withChild(body: JsonObject, key: string, child: unknown): JsonObject {
  // A spread copies a key `__proto__` as the object's own.
  return child === body[key] ? body : { ...body, [key]: child };
}
