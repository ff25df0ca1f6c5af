import { dialectForNewField } from '../../src/dialect/choose-dialect.js';
import type { Dialect, JsonObject } from '../../src/dialect/dialect.js';
import { storedFeatures } from '../../src/dialect/stored-features.js';
import { connect } from '../../src/engine/connect.js';
import type { Engine } from '../../src/engine/engine.js';
import { mappingFor } from '../../src/mapping/index-body.js';
import type { VectorPlan } from '../../src/mapping/vector-plan.js';
import { freshName } from './engines.js';
import { searchedDocument, searchedProperties } from './search-bodies.js';
import { toyVector } from './toy-encoder.js';
import { toyPlan } from './translation-table.js';

/** An index with lexical fields of every kind that this engine has, and two vector fields of toy vectors. */
export interface SearchedIndex extends AsyncDisposable {
  readonly engine: Engine;
  readonly index: string;
  readonly plan: VectorPlan;
  readonly dialect: Dialect;
  /** Sends a body as it is; the status and the answer. */
  send(path: string, body: JsonObject): Promise<{ status: number; body: JsonObject }>;
}

const DOCUMENTS = 120;

/** Makes such an index. Field types that a build of an engine lacks are left out. */
export async function searchedIndex(url: string, dialectOf = dialectForNewField): Promise<SearchedIndex> {
  const engine = await connect(url);
  const index = freshName('searched');
  const dialect = dialectOf(engine.version);
  const plan = toyPlan(dialect.name);
  await engine.createIndex(index, { ...mappingFor({ dialect, plan }) });
  const send = async (path: string, body: JsonObject, method = 'POST') => {
    const response = await fetch(`${url}/${index}/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as JsonObject };
  };
  const had = new Set<string>();
  for (const [field, mapping] of Object.entries(searchedProperties)) {
    const { status } = await send('_mapping', { properties: { [field]: mapping } }, 'PUT');
    if (status === 200) had.add(field);
  }
  const writes = Array.from({ length: DOCUMENTS }, (_, n) => ({
    kind: 'index' as const,
    id: `d${n}`,
    source: withVectors(searchedDocument(n), had, dialect),
  }));
  const outcomes = await engine.bulk(index, writes);
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  await engine.refresh(index);
  return { engine, index, plan, dialect, send, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() };
}

function withVectors(document: Record<string, unknown>, had: ReadonlySet<string>, dialect: Dialect): JsonObject {
  const fields = Object.entries(document).filter(([field]) => had.has(field));
  return {
    ...Object.fromEntries(fields),
    splade: storedFeatures(toyVector(`${document.title} ${document.body}`), dialect),
    splade_title: storedFeatures(toyVector(String(document.title)), dialect),
  };
}
