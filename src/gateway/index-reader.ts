import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { JsonObject } from '../dialect/dialect.js';
import { messageOf } from '../fault/fault.js';
import type { Exchange } from './exchange.js';
import { PlanUnread, UpstreamFailed } from './gateway-faults.js';
import { endToEnd } from './raw-headers.js';
import type { Upstream } from './upstream.js';

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
/** Of the client's body and answer, not of its rights. */
const OF_ITS_OWN = ['accept', 'accept-encoding', 'content-type'];

/** A reader that asks with the credentials of an exchange, whatever headers they are in. */
export function indexReader(upstream: Upstream, exchange: Exchange): IndexReader {
  const own = endToEnd(exchange.headers({ rewritten: true }), OF_ITS_OWN);
  const headers = ['accept', 'application/json', ...own];
  const read = async (path: string) => {
    const answer = await upstream.send({ method: 'GET', path, headers, signal: exchange.signal });
    return { status: answer.statusCode!, body: await wholeOf(answer) };
  };
  return {
    async mappings(name) {
      const { status, body } = await read(`/${encodeURIComponent(name)}/_mapping`);
      if (status === NOT_FOUND) return undefined;
      const mappings = status === OK ? objectIn(body) : undefined;
      if (mappings) return mappings as Record<string, { mappings: JsonObject }>;
      throw new PlanUnread(name, status >= 400 ? status : BAD_GATEWAY);
    },
    async writeIndex(name) {
      const escaped = encodeURIComponent(name);
      const alias = await read(`/_alias/${escaped}`);
      if (alias.status === OK) return writeIndexOfAlias(objectIn(alias.body), name);
      const stream = await read(`/_data_stream/${escaped}`);
      return stream.status === OK ? writeIndexOfStream(objectIn(stream.body)) : undefined;
    },
  };
}

async function wholeOf(answer: IncomingMessage): Promise<string> {
  try {
    return await text(answer);
  } catch (thrown) {
    throw new UpstreamFailed(502, messageOf(thrown), thrown);
  }
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
