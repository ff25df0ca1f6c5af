import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Encoded } from '../encoder/encoder.js';

const LATENCY_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What Prometheus is told. */
export class ServiceMetrics {
  readonly registry = new Registry();
  readonly #requests = new Counter({
    name: 'termweave_requests_total',
    help: 'Answers given; 499: the client left before its answer was whole',
    labelNames: ['route', 'status'],
    registers: [this.registry],
  });
  readonly #seconds = new Histogram({
    name: 'termweave_request_duration_seconds',
    help: 'From the head of a request to the end of its answer',
    labelNames: ['route'],
    buckets: LATENCY_BUCKETS_S,
    registers: [this.registry],
  });
  readonly #texts = new Counter({
    name: 'termweave_texts_total',
    help: 'Texts encoded',
    labelNames: ['model'],
    registers: [this.registry],
  });
  readonly #tokens = new Counter({
    name: 'termweave_tokens_total',
    help: 'Tokens that went through a model, special ones included',
    labelNames: ['model'],
    registers: [this.registry],
  });
  readonly #truncated = new Counter({
    name: 'termweave_truncated_texts_total',
    help: 'Texts whose ends were left out, as they were longer than the model takes',
    labelNames: ['model'],
    registers: [this.registry],
  });

  readonly #queues = new Map<string, () => number>();

  constructor() {
    const queues = this.#queues;
    new Gauge({
      name: 'termweave_queued_texts',
      help: 'Texts that wait or are at work',
      labelNames: ['model'],
      registers: [this.registry],
      collect() {
        for (const [model, length] of queues) this.set({ model }, length());
      },
    });
    collectDefaultMetrics({ register: this.registry });
  }

  /** Tells the length of a model's queue whenever it is asked. */
  watchQueue(model: string, length: () => number): void {
    this.#queues.set(model, length);
  }

  countAnswer(route: string, status: number, seconds: number): void {
    this.#requests.inc({ route, status });
    this.#seconds.observe({ route }, seconds);
  }

  countTexts(model: string, encoded: readonly Encoded[]): void {
    this.#texts.inc({ model }, encoded.length);
    this.#tokens.inc(
      { model },
      encoded.reduce((sum, { tokens }) => sum + tokens, 0),
    );
    this.#truncated.inc({ model }, encoded.filter(({ truncated }) => truncated).length);
  }

  /** In the text format that Prometheus scrapes. */
  render(): Promise<string> {
    return this.registry.metrics();
  }
}
