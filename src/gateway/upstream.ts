import { once } from 'node:events';
import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import { Readable } from 'node:stream';
import { Fault, messageOf } from '../fault/fault.js';
import { EngineSilence } from './engine-silence.js';
import { UpstreamFailed } from './gateway-faults.js';
import { type RawHeaders, valuesOf } from './raw-headers.js';

export interface UpstreamOptions {
  /** `http://host:port` or `https://host:port`: requests go there and nowhere else. */
  readonly url: string;
  /** PEM of the authority that signed its certificate. */
  readonly certificateAuthority?: string;
  readonly insecure?: boolean;
  /** Milliseconds in which the engine takes no byte of a body that is there for it, or gives none of its answer; then it is 504, or within an answer, after twice that at most, a broken one. */
  readonly timeoutMs: number;
}

/** A request for the engine: `path` with its query string, as the client wrote it. */
export interface UpstreamRequest {
  readonly method: string;
  readonly path: string;
  /** End-to-end headers; `host` is replaced. */
  readonly headers: RawHeaders;
  /** A text, a client's own body as it comes, or one that takes time to be made. */
  readonly body?: string | Readable | AsyncIterable<string>;
  /** Whether it may be sent twice, though its method is POST: a search. */
  readonly isSearch?: boolean;
  readonly signal: AbortSignal;
}

/** The engine behind a gateway, over connections that are kept. */
export class Upstream implements Disposable {
  readonly #url: URL;
  readonly #agent: Agent;

  constructor(readonly options: UpstreamOptions) {
    this.#url = new URL(options.url);
    const { certificateAuthority: ca, insecure } = options;
    this.#agent = this.#isTls
      ? new TlsAgent({ keepAlive: true, ca, rejectUnauthorized: !insecure })
      : new Agent({ keepAlive: true });
  }

  get #isTls(): boolean {
    return this.#url.protocol === 'https:';
  }

  /**
   * The head of the answer, its body still to come. A connection that was kept may be closed by the engine at the moment it is used again: what may be
   * sent twice then goes over another. @throws {UpstreamFailed}; the signal's reason when aborted.
   */
  send(asked: UpstreamRequest): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = this.#open(asked);
      const fail = (thrown: unknown) => {
        if (asked.signal.aborted) return reject(asked.signal.reason);
        if (sent.reusedSocket && isReset(thrown) && isRepeatable(asked)) return resolve(this.send(asked));
        reject(failureOf(thrown));
      };
      sent.on('error', fail);
      this.#expectAnswer(sent, resolve);
      if (asked.body === undefined || typeof asked.body === 'string') return void sent.end(asked.body);
      // A client that breaks off in the middle of a body must not leave a whole-looking request behind.
      const breakOff = (error: Error) => void sent.destroy(error);
      // Destroying a client's request, as leaving a loop over it does, would take the connection with it, and the answer.
      const { body } = asked;
      const pieces = body instanceof Readable ? body.iterator({ destroyOnReturn: false }) : body;
      this.#sendPieces(pieces, sent).catch(breakOff);
    });
  }

  #expectAnswer(sent: ClientRequest, take: (answer: IncomingMessage) => void): void {
    const silence = new EngineSilence(sent);
    let answer: IncomingMessage | undefined;
    sent.on('response', (head) => {
      answer = head;
      take(head);
    });
    // Of the connection: a request tells of its first silence alone.
    sent.on('socket', (socket) => {
      const heed = () => {
        if (silence.isLate(answer)) sent.destroy(new Late());
        else socket.setTimeout(this.options.timeoutMs);
      };
      socket.on('timeout', heed);
      sent.once('close', () => socket.off('timeout', heed));
    });
  }

  /** Sends a body piece by piece. The engine's time runs only while it owes something: while it takes no more, and from the body's end on. */
  async #sendPieces(body: AsyncIterable<string | Buffer>, sent: ClientRequest): Promise<void> {
    const { timeoutMs } = this.options;
    const closed = new AbortController();
    sent.once('close', () => closed.abort());
    sent.setTimeout(0);
    for await (const piece of body) {
      if (sent.destroyed) return;
      if (sent.write(piece)) continue;
      sent.setTimeout(timeoutMs);
      await once(sent, 'drain', closed);
      sent.setTimeout(0);
    }
    sent.setTimeout(timeoutMs);
    sent.end();
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  #open({ method, path, headers, body, signal }: UpstreamRequest): ClientRequest {
    const { hostname, port, host } = this.#url;
    const open = this.#isTls ? httpsRequest : httpRequest;
    return open({
      // Brackets belong to the URL of an IPv6 address, not to the address.
      host: hostname.replace(/^\[|\]$/g, ''),
      port,
      method,
      path,
      headers: [...headers, ...framingOf(method, headers, body), 'host', host] as never,
      agent: this.#agent,
      timeout: this.options.timeoutMs,
      signal,
    });
  }
}

/** A method that may be sent twice (RFC 9110, 9.2.2), or a search; and a body that is still there. */
function isRepeatable({ method, body, isSearch }: UpstreamRequest): boolean {
  return (
    (isSearch || /^(GET|HEAD|OPTIONS|PUT|DELETE)$/.test(method)) && (body === undefined || typeof body === 'string')
  );
}

function isReset(thrown: unknown): boolean {
  const { code } = thrown as { code?: string };
  return code === 'ECONNRESET' || code === 'EPIPE';
}

class Late extends Error {}

/** How long the body is, where the headers do not say. */
function framingOf(method: string, headers: RawHeaders, body: UpstreamRequest['body']): RawHeaders {
  if (valuesOf(headers, 'content-length').length > 0) return [];
  if (body === undefined) return /^(POST|PUT|PATCH)$/.test(method) ? ['content-length', '0'] : [];
  return typeof body === 'string'
    ? ['content-length', String(Buffer.byteLength(body))]
    : ['transfer-encoding', 'chunked'];
}

function failureOf(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown;
  if (thrown instanceof Late) return new UpstreamFailed(504, 'no answer in time', thrown);
  return new UpstreamFailed(502, messageOf(thrown), thrown);
}
