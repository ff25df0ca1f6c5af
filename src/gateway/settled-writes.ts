import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import { type Fault, messageOf } from '../fault/fault.js';
import { ModelMismatch } from '../mapping/match-plan.js';
import { AnsweredItems } from './answered-items.js';
import type { EngineRoute } from './engine-route.js';
import type { Exchange } from './exchange.js';
import type { GatewayContext } from './gateway-context.js';
import { UpstreamFailed } from './gateway-faults.js';
import { indexReader } from './index-reader.js';
import { type Misplaced, mendMisplaced } from './mend-misplaced.js';
import { type Ask, ownRequests } from './own-requests.js';
import type { PlannedIndex } from './plan-cache.js';
import { comesAsJson } from './read-answer.js';
import { decompressorOf } from './request-body.js';
import { orRefused } from './vectors-of-writes.js';
import { type WrittenPlace, WrittenPlaces } from './written-places.js';

const FAILED = 300;

/**
 * Looks where the engine put what a request wrote. A plan is read before a document is sent, and an alias may move between the two: only the engine's
 * answer says which index a document is in. Where that is none of those that the plan was read for, it gets the vectors of the one it is in before the client is answered.
 */
export class SettledWrites {
  readonly #places = new WrittenPlaces();
  readonly #answered: AnsweredItems;
  readonly #misplaced = new Map<string, Misplaced[]>();
  /** Resolves when the answer has been looked at, decompressed. */
  #seen: () => Promise<void> = async () => undefined;

  constructor(
    readonly exchange: Exchange,
    readonly route: EngineRoute,
    readonly context: GatewayContext,
  ) {
    this.#answered = new AnsweredItems(route.kind === 'bulk' ? 'bulk' : 'document');
  }

  /** Whether the answer will say where documents are: it does unless the client asked for a part of it, or in another format. */
  get isSeen(): boolean {
    const { query } = this.route;
    return query.filter_path === undefined && comesAsJson(this.exchange.request, query);
  }

  /** The next item that is written, and by what; nothing for one that is no document. */
  wrote(place: WrittenPlace | undefined): void {
    if (this.isSeen) this.#places.add(place);
  }

  /** Looks at an answer. @returns what is given its pieces as they pass, compressed or not. */
  watch(answer: IncomingMessage): (piece: Buffer) => void {
    if (!this.isSeen || answer.statusCode! >= FAILED) return () => undefined;
    const look = (piece: Buffer) => this.#look(piece);
    const decompressor = decompressorOf(answer);
    if (!decompressor) return look;
    const ended = finished(decompressor.on('data', look));
    // Told when all has been seen.
    ended.catch(() => undefined);
    this.#seen = () => {
      decompressor.end();
      return ended;
    };
    return (piece) => void decompressor.write(piece);
  }

  #look(piece: Buffer): void {
    for (const item of this.#answered.see(piece)) {
      const place = this.#places.take();
      if (!item || !place || (place.plan.indices?.has(item.index) ?? true)) continue;
      const there = this.#misplaced.get(item.index) ?? [];
      there.push({ id: item.id, routing: place.routing, by: place.plan.planned });
      this.#misplaced.set(item.index, there);
    }
  }

  /** Once the answer has been seen whole. What is owed to a document is then done even where its client leaves; one that left earlier ended the request to the engine, and with it the answer that says what is owed. @throws {RequestNotHandedOn} {@link UpstreamFailed} */
  async settle(): Promise<void> {
    const { exchange, route, context } = this;
    await this.#seen().catch((cause) => Promise.reject(new UpstreamFailed(502, messageOf(cause), cause)));
    const { signal } = new AbortController();
    const ask = ownRequests(context.upstream, exchange, signal);
    const how = { ask, refresh: route.query.refresh, context, signal };
    for (const [index, documents] of this.#misplaced) {
      const { planned, fault } = await orRefused(() => this.#planOf(index, ask));
      const mended = await mendMisplaced(index, documents, planned, how);
      if (fault) await orRefused(() => Promise.reject(fault));
      if (mended > 0) Object.assign(exchange.applied, { what: planned ? 'vectors' : 'none', reason: 'PLAN_MOVED' });
    }
  }

  /** The plan of an index by its own name; where it is of another model, no vectors of this one have a place there all the same. */
  async #planOf(index: string, ask: Ask): Promise<{ planned?: PlannedIndex; fault?: Fault }> {
    try {
      return await this.context.plans.ofWritten(index, indexReader(ask), false);
    } catch (fault) {
      if (fault instanceof ModelMismatch) return { fault };
      throw fault;
    }
  }
}
