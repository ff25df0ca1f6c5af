import type { JsonObject } from '../dialect/dialect.js';
import { PlanUnread } from './gateway-faults.js';
import type { Ask } from './own-requests.js';

/** Reads what plans depend on, with the rights of a request. */
export interface IndexReader {
  /** The mappings of a name by concrete index; `undefined` where there is no such index. @throws {PlanUnread} where the engine does not say. */
  mappings(name: string): Promise<Readonly<Record<string, { readonly mappings: JsonObject }>> | undefined>;
  /** The index that takes the writes to an alias or a data stream of several; `undefined` where the engine does not say. */
  writeIndex(name: string): Promise<string | undefined>;
}

const OK = 200;
const NOT_FOUND = 404;
const BAD_GATEWAY = 502;

/** @param ask with the credentials of the request that needs to know. */
export function indexReader(ask: Ask): IndexReader {
  return {
    async mappings(name) {
      const { status, body } = await ask('GET', `/${encodeURIComponent(name)}/_mapping`);
      if (status === NOT_FOUND) return undefined;
      const mappings = status === OK ? objectIn(body) : undefined;
      if (mappings) return mappings as Record<string, { mappings: JsonObject }>;
      throw new PlanUnread(name, status >= 400 ? status : BAD_GATEWAY);
    },
    async writeIndex(name) {
      const escaped = encodeURIComponent(name);
      const alias = await ask('GET', `/_alias/${escaped}`);
      if (alias.status === OK) return writeIndexOfAlias(objectIn(alias.body), name);
      const stream = await ask('GET', `/_data_stream/${escaped}`);
      return stream.status === OK ? writeIndexOfStream(objectIn(stream.body)) : undefined;
    },
  };
}

function objectIn(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function writeIndexOfAlias(body: JsonObject | undefined, name: string): string | undefined {
  type Aliased = { readonly aliases?: Readonly<Record<string, { readonly is_write_index?: boolean }>> };
  const indices = Object.entries((body ?? {}) as Record<string, Aliased>);
  return indices.find(([, { aliases }]) => aliases?.[name]?.is_write_index)?.[0];
}

/** The last of a data stream's indices. */
function writeIndexOfStream(body: JsonObject | undefined): string | undefined {
  const { data_streams: [stream] = [] } = (body ?? {}) as {
    data_streams?: readonly { readonly indices: readonly { readonly index_name: string }[] }[];
  };
  return stream?.indices.at(-1)?.index_name;
}
