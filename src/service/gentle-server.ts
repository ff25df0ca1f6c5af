import { createServer, type RequestListener, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** PEM texts of a key and its certificate. */
export interface TlsPair {
  readonly key: string;
  readonly cert: string;
}

/**
 * An HTTP server that ends in time: it gives the answers that it owes, and waits for nobody else. Node's own end waits for every
 * connection on which a request may still come, also one that has said nothing, and stops the clock that would close those.
 */
export class GentleServer {
  readonly server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #owed = new Set<ServerResponse>();
  #isEnding = false;
  #allGiven: () => void = () => undefined;

  constructor(handler: RequestListener, timing: ServerOptions, tls?: TlsPair) {
    this.server = tls ? createTlsServer({ ...timing, ...tls }, handler) : createServer(timing, handler);
    // Below TLS too: a connection that never greets is no connection yet to the server above.
    this.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Notes an answer that is to be given, on this server or on one that lends its requests. */
  owe(response: ServerResponse): void {
    this.#owed.add(response);
    if (this.#isEnding) askToLeave(response);
    response.once('close', () => {
      this.#owed.delete(response);
      if (this.#owed.size === 0) this.#allGiven();
    });
  }

  /** Takes no more connections, waits until the answers owed have gone out, or for so long, and closes all connections. */
  async end(mostMs: number): Promise<void> {
    this.#isEnding = true;
    const { server } = this;
    const closed = server.listening && new Promise<void>((resolve) => server.close(() => resolve()));
    for (const response of this.#owed) askToLeave(response);
    await this.#given(mostMs);
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #given(mostMs: number): Promise<void> {
    if (this.#owed.size === 0) return;
    const enough = new AbortController();
    const late = sleep(mostMs, undefined, { signal: enough.signal, ref: false }).catch(() => undefined);
    await Promise.race([new Promise<void>((resolve) => (this.#allGiven = resolve)), late]);
    enough.abort();
  }
}

/** No request may follow on a connection of a server that ends. */
function askToLeave(response: ServerResponse): void {
  if (!response.headersSent) response.shouldKeepAlive = false;
}
