import { type Attributes, context, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { Fault, messageOf } from '../../fault/fault.js';

/** What spans and metrics are found under. */
export const INSTRUMENTATION = 'termweave';

/**
 * Work under an OpenTelemetry span, which is the parent of those that begin inside it. Where the application has set up no tracing, the API does
 * nothing.
 */
export async function traced<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  const span = startSpan(name, attributes);
  try {
    return await context.with(trace.setSpan(context.active(), span), work);
  } catch (thrown) {
    fail(span, thrown);
    throw thrown;
  } finally {
    span.end();
  }
}

/** Steps under a span, as {@link traced}: from when the first is asked for until the last, or until nobody wants more of them. */
export async function* tracedSteps<T>(
  name: string,
  attributes: Attributes,
  steps: AsyncIterable<T>,
): AsyncGenerator<T> {
  const span = startSpan(name, attributes);
  const within = trace.setSpan(context.active(), span);
  const iterator = steps[Symbol.asyncIterator]();
  try {
    while (true) {
      const step = await context.with(within, () => iterator.next());
      if (step.done) return;
      yield step.value;
    }
  } catch (thrown) {
    fail(span, thrown);
    throw thrown;
  } finally {
    await iterator.return?.();
    span.end();
  }
}

function startSpan(name: string, attributes: Attributes): Span {
  return trace.getTracer(INSTRUMENTATION).startSpan(name, { attributes });
}

function fail(span: Span, thrown: unknown): void {
  span.recordException(thrown instanceof Error ? thrown : messageOf(thrown));
  span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(thrown) });
  if (thrown instanceof Fault) span.setAttribute('error.type', thrown.code);
}
