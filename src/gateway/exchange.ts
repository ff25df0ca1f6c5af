import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { endToEnd, headerValue } from './raw-headers.js';
import { piecesOf } from './read-answer.js';

/** What a request may ask for in the header `x-termweave`. */
export type Mode = 'off' | 'replace' | 'add' | 'rescore' | 'hybrid';

export const MODES: readonly Mode[] = ['off', 'replace', 'add', 'rescore', 'hybrid'];

/** What was done with a request: `x-termweave-applied`, and why, if it was less than was asked for. */
export interface Applied {
  /** `none`, a strategy, `vectors` for writes, `lexical` for a search that stayed as it was because the encoder failed. */
  what: string;
  reason?: string;
}

/** The header by which requests are controlled, and those that are about this connection's own framing. */
const NOT_HANDED_ON = ['x-termweave', 'host', 'expect'];
/** What a body that was rewritten is described by anew. */
const OF_THE_BODY = ['content-length', 'content-encoding'];

/** One request and its answer. */
export class Exchange {
  readonly url: string;
  readonly method: string;
  readonly started = performance.now();
  readonly applied: Applied = { what: 'none' };
  readonly #left = new AbortController();
  readonly #whenClosed: (() => void)[] = [];

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
  ) {
    this.url = request.url ?? '/';
    this.method = request.method ?? 'GET';
    response.sendDate = false;
    response.once('close', () => {
      if (!response.writableFinished) this.#left.abort(new Error('the client left'));
      for (const act of this.#whenClosed) act();
    });
  }

  /** Does something when the answer is given, or the client has left. By one listener for all: an answer that is piped has nearly as many as Node allows. */
  onClosed(act: () => void): void {
    this.#whenClosed.push(act);
  }

  /** Aborted when the client leaves before its answer is whole. */
  get signal(): AbortSignal {
    return this.#left.signal;
  }

  get hasBody(): boolean {
    const { headers } = this.request;
    return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  }

  /** The end-to-end headers for the engine; with `rewritten`, without those that describe the client's body. */
  headers({ rewritten = false } = {}): string[] {
    return endToEnd(this.request.rawHeaders, rewritten ? [...NOT_HANDED_ON, ...OF_THE_BODY] : NOT_HANDED_ON);
  }

  /** Streams the engine's answer to the client, as it is. @param watch sees every piece. */
  async relay(answer: IncomingMessage, watch?: (piece: Buffer) => void): Promise<void> {
    this.#begin(answer);
    if (watch) answer.on('data', watch);
    await pipeline(answer, this.response);
  }

  /**
   * Streams the engine's answer as it is, but for its end, which waits for `settled`. What that throws is the answer where it fits in one piece, and
   * breaks it off otherwise. @param see sees every piece.
   */
  async relaySettled(answer: IncomingMessage, see: (piece: Buffer) => void, settled: () => Promise<void>) {
    const { response, signal } = this;
    let held: Buffer | undefined;
    const send = async () => {
      if (!response.headersSent) this.#begin(answer);
      if (held && !response.write(held)) await once(response, 'drain', { signal });
    };
    for await (const piece of piecesOf(answer)) {
      see(piece);
      if (held) await send();
      held = piece;
    }
    await settled();
    await send();
    response.end();
  }

  #begin({ statusCode, statusMessage, rawHeaders }: IncomingMessage): void {
    this.response.writeHead(statusCode!, statusMessage, [...endToEnd(rawHeaders), ...this.#ownHeaders()] as never);
  }

  /** Sends an answer that was read whole and changed. */
  finish(
    status: number,
    body: string | Buffer,
    headers: readonly string[] = ['content-type', 'application/json'],
  ): void {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const length = ['content-length', String(bytes.length)];
    this.response.writeHead(status, [...headers, ...length, ...this.#ownHeaders()] as never);
    this.response.end(this.method === 'HEAD' ? undefined : bytes);
  }

  #ownHeaders(): string[] {
    const { what, reason } = this.applied;
    const took = (performance.now() - this.started).toFixed(1);
    const headers = ['x-termweave-applied', what, 'x-termweave-took', took];
    return reason === undefined ? headers : [...headers, 'x-termweave-reason', headerValue(reason)];
  }
}
