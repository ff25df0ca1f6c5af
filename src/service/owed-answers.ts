import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** The answers that a service has yet to give. The framework's own end cuts off those that are written but not read. */
export class OwedAnswers {
  #owed = 0;
  #allGiven: () => void = () => undefined;
  readonly #app: FastifyInstance;

  constructor(app: FastifyInstance) {
    this.#app = app;
    app.addHook('onRequest', async (_request, reply) => {
      this.#owed++;
      reply.raw.once('close', () => {
        this.#owed--;
        if (this.#owed === 0) this.#allGiven();
      });
    });
  }

  /** Takes no more connections, and waits until all answers have gone out, or for so long. */
  async given(mostMs: number): Promise<void> {
    if (this.#app.server.listening) this.#app.server.close();
    if (this.#owed === 0) return;
    const enough = new AbortController();
    const late = sleep(mostMs, undefined, { signal: enough.signal, ref: false }).catch(() => undefined);
    await Promise.race([new Promise<void>((resolve) => (this.#allGiven = resolve)), late]);
    enough.abort();
  }
}
