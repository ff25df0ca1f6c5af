import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { connect } from '../../../src/engine/connect.js';
import type { Engine } from '../../../src/engine/engine.js';
import { freshName, onEveryEngine } from '../../support/engines.js';
import { filled, run } from '../../support/source-index.js';

const DOCUMENTS = 60;

onEveryEngine('telemetry of reindex', ({ url }) => {
  const spans = new InMemorySpanExporter();
  const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: exported });
  const tracing = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  let engine: Engine;
  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(tracing);
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
    engine = await connect(await url());
  }, 120_000);
  afterAll(async () => {
    await engine?.[Symbol.asyncDispose]();
    await tracing.shutdown();
    await reader.shutdown();
    for (const api of [context, trace, metrics]) api.disable();
  });

  /** The sum of a counter, by the values of an attribute. */
  async function counted(name: string, attribute: string): Promise<Record<string, number>> {
    await reader.forceFlush();
    const found = exported
      .getMetrics()
      .at(-1)!
      .scopeMetrics.flatMap((scope) => scope.metrics)
      .find(({ descriptor }) => descriptor.name === name);
    return Object.fromEntries(
      found!.dataPoints.map(({ attributes, value }) => [String(attributes[attribute]), Number(value)]),
    );
  }

  it('has one trace of a run, with its bulk requests and its check inside, and counts its documents', async () => {
    const [source, to] = [await filled(engine, DOCUMENTS), freshName('copy')];
    spans.reset();
    await run(engine, source, { to });
    const finished = spans.getFinishedSpans();
    const root = finished.find(({ name }) => name === 'termweave.reindex')!;
    expect(root.attributes).toEqual({ 'termweave.source': source, 'termweave.copy': to, 'termweave.slice': '1/1' });
    const bulks = finished.filter(({ attributes }) => attributes['db.collection.name'] === to);
    const check = finished.find(({ name }) => name === 'termweave.check')!;
    expect(bulks.reduce((sum, span) => sum + Number(span.attributes['db.operation.batch.size']), 0)).toBe(DOCUMENTS);
    for (const span of [...bulks, check]) {
      expect(span.spanContext().traceId).toBe(root.spanContext().traceId);
      expect(span.parentSpanContext?.spanId).toBe(root.spanContext().spanId);
    }
    expect(await counted('termweave.ingest.documents', 'outcome')).toEqual({ created: DOCUMENTS });
    expect((await counted('termweave.ingest.tokens', 'none')).undefined).toBeGreaterThan(DOCUMENTS);
  });

  it('marks a run that failed by its fault', async () => {
    const [source, other] = [await filled(engine, 3), await filled(engine, 3)];
    spans.reset();
    await expect(run(engine, source, { to: other })).rejects.toMatchObject({ code: 'NOT_THE_COPY' });
    const root = spans.getFinishedSpans().find(({ name }) => name === 'termweave.reindex')!;
    expect(root.attributes['error.type']).toBe('NOT_THE_COPY');
    expect(root.events.map(({ name }) => name)).toEqual(['exception']);
  });
});
