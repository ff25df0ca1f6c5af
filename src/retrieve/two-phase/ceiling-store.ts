import type { RequestOptions } from '../../engine/engine.js';
import {
  AccessDenied,
  EngineRefused,
  IndexExists,
  IndexNotFound,
  IndexUnavailable,
} from '../../engine/engine-faults.js';
import { hasLaggingCopies } from '../../engine/lagging-copies.js';
import { indexIdentity, type OpenedField } from '../opened-field.js';
import { type Ceilings, readCeilings, writeCeilings } from './ceilings.js';
import type { KnownCeilings } from './certificate.js';

/** Holds the ceilings of all indices of an engine, a document for each vector field. Hidden, so that no pattern of an application's finds it. */
const STORE = 'termweave-ceilings';
const STORE_BODY = {
  settings: { 'index.hidden': true, 'index.number_of_shards': 1 },
  mappings: { dynamic: false, properties: {} },
};

/** The ceilings kept of an index's vector field. One read of one document. */
export async function loadCeilings(index: OpenedField, options: RequestOptions = {}): Promise<KnownCeilings> {
  if (hasLaggingCopies(index.description)) return { doubt: 'copies-lag' };
  try {
    const body = { query: { ids: { values: [idOf(index)] } }, size: 1 };
    const { hits } = await index.engine.search(STORE, body, options);
    const source = hits[0]?.source;
    const ceilings = source && readCeilings(source);
    return ceilings?.vocabulary === index.plan.vocabulary ? { ceilings } : { doubt: 'no-ceilings' };
  } catch (thrown) {
    if (thrown instanceof IndexNotFound) return { doubt: 'no-ceilings' };
    return unlessOptional(thrown, { doubt: 'ceilings-unreadable' });
  }
}

/**
 * What is asked beside a search, to prove something of it, must not take the search down: where the engine refuses it, or that index is broken, there is
 * nothing to prove by, and that is said. An engine that is gone, or a caller who has left, ends the search, too.
 */
export function unlessOptional<Otherwise>(thrown: unknown, otherwise: Otherwise): Otherwise {
  if (thrown instanceof IndexUnavailable || thrown instanceof AccessDenied || thrown instanceof EngineRefused)
    return otherwise;
  throw thrown;
}

/** Keeps ceilings, in place of those of before. @throws {EngineRefused} */
export async function storeCeilings(
  index: OpenedField,
  ceilings: Ceilings,
  options: RequestOptions = {},
): Promise<void> {
  try {
    await index.engine.createIndex(STORE, STORE_BODY, options);
  } catch (thrown) {
    if (!(thrown instanceof IndexExists)) throw thrown;
  }
  const id = idOf(index);
  const [outcome] = await index.engine.bulk(STORE, [{ kind: 'index', id, source: writeCeilings(ceilings) }], options);
  if (!outcome!.ok)
    throw new EngineRefused(`keep ceilings in ${STORE}`, outcome!.status, outcome!.type, outcome!.reason);
  await index.engine.refresh(STORE, options);
}

function idOf(index: OpenedField): string {
  return `${indexIdentity(index)} ${index.field}`;
}
