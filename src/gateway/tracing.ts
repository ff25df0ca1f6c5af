import { type Context, context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Exchange } from './exchange.js';

const tracer = () => trace.getTracer('termweave');

/**
 * A span for each request, a child of the one that the client names in its headers, with what was done and no texts: it costs nothing unless the process
 * has registered an OpenTelemetry SDK. The names are those of the semantic conventions for HTTP.
 * @returns the context for whatever is done for the request.
 */
export function tracedExchange(exchange: Exchange): Context {
  const { request, response, method, url, applied } = exchange;
  const parent = propagation.extract(context.active(), request.headers);
  const attributes = { 'http.request.method': method, 'url.path': url.split('?')[0]! };
  const span = tracer().startSpan(`${method} termweave gateway`, { kind: SpanKind.SERVER, attributes }, parent);
  exchange.onClosed(() => {
    const { statusCode, writableFinished } = response;
    span.setAttributes({ 'http.response.status_code': statusCode, 'termweave.applied': applied.what });
    if (applied.reason !== undefined) span.setAttribute('termweave.reason', applied.reason);
    if (statusCode >= 500 || !writableFinished) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  });
  return trace.setSpan(parent, span);
}

/** Does something under a span of its own. */
export async function traced<T>(name: string, attributes: Readonly<Record<string, number>>, act: () => Promise<T>) {
  return tracer().startActiveSpan(name, { attributes: { ...attributes } }, async (span: Span) => {
    try {
      return await act();
    } catch (thrown) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw thrown;
    } finally {
      span.end();
    }
  });
}
