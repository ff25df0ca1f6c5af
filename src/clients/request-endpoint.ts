/** What a path asks of an engine, and of which index. */
export interface RequestEndpoint {
  /** `_doc`, `_search/template`; empty for a path that is none that is known. */
  readonly endpoint: string;
  /** As the path names it: one, or several by commas. */
  readonly index?: string;
}

/** What follows them (`/template`, `/scroll`) makes them another. */
const SEARCHES: ReadonlySet<string | undefined> = new Set(['_search', '_msearch', '_async_search']);
/** What stands behind a type. */
const OF_A_TYPE: ReadonlySet<string | undefined> = new Set(['_search', '_msearch', '_bulk']);
/** What stands behind the id of a document of a type. */
const OF_A_DOCUMENT: ReadonlySet<string | undefined> = new Set(['_update', '_create']);
const NONE: RequestEndpoint = { endpoint: '' };

/**
 * `/books/_doc/1` is endpoint `_doc` of `books`. Elasticsearch 7 takes a type behind the index, which is `_doc` or, in an index that says so, another:
 * `/books/_doc/_bulk` is `_bulk`, `/books/novel/1/_update` is `_update`, `/books/novel/1` is `_doc`. Engines without types route no such path, but for a
 * document whose id is `_bulk`, `_search` or `_msearch`: it is taken for what its id says. A path whose index cannot be decoded is none.
 */
export function endpointOf(path: string): RequestEndpoint {
  const [first, ...behind] = path.split('/').filter((step) => step !== '');
  if (first === undefined) return NONE;
  if (first.startsWith('_')) return { endpoint: named([first, ...behind]) };
  const index = decoded(first);
  return index === undefined ? NONE : { endpoint: endpointIn(behind), index };
}

/** @param behind the steps behind the index. */
function endpointIn(behind: readonly string[]): string {
  const [type, ...ofType] = behind;
  if (type === undefined || (type !== '_doc' && type.startsWith('_'))) return named(behind);
  const [id, ofDocument] = ofType;
  if (OF_A_TYPE.has(id)) return named(ofType);
  if (ofDocument !== undefined) return OF_A_DOCUMENT.has(ofDocument) ? ofDocument : '';
  // Of a type with a name of its own, the mapping and the like are no documents.
  return type !== '_doc' && id?.startsWith('_') ? '' : '_doc';
}

function named(steps: readonly string[]): string {
  return SEARCHES.has(steps[0]) ? steps.join('/') : (steps[0] ?? '');
}

/** @returns `undefined` for broken percent-encoding, of which the engine says what it thinks. */
function decoded(step: string): string | undefined {
  try {
    return decodeURIComponent(step);
  } catch {
    return undefined;
  }
}
