import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { errorMessage, PlumblineError, redact } from '@plumbline/errors';
import type { ActiveSpan, BeginOptions, OtlpSettings, SpanAttributes } from './tracing.ts';

const sendEveryMs = 1_000;
const closeMs = 3_000;
const header = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The span of somebody else that a W3C header names; the root where it names none. */
function contextOf(parent: string | undefined): Context {
  const [, traceId = '', spanId = '', flags = ''] = header.exec(parent ?? '') ?? [];
  if (traceId === '' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function clean(attributes: SpanAttributes): Attributes {
  const entries = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]));
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

function active(tracer: Tracer, span: Span): ActiveSpan {
  return {
    traceparent: traceparentOf(span),
    child: (name, attributes) => {
      const context = trace.setSpan(ROOT_CONTEXT, span);
      return active(tracer, tracer.startSpan(name, { attributes: clean(attributes) }, context));
    },
    end: (error) => {
      if (error !== undefined) {
        if (error instanceof PlumblineError) span.setAttribute('error.type', error.code);
        span.setStatus({ code: SpanStatusCode.ERROR, message: redact(errorMessage(error)) });
      }
      span.end();
    },
  };
}

/** Spans by OpenTelemetry, sent as OTLP over HTTP. A receiver that does not answer holds nothing up. */
export function createOtlpTracer(service: string, otlp: OtlpSettings) {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, ...otlp.attributes }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(otlp.sampleRatio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: otlp.url, headers: { ...otlp.headers } }),
        scheduledDelayMillis: sendEveryMs,
      }),
    ],
  });
  const tracer = provider.getTracer('plumbline');
  return {
    begin(name: string, { parent, attributes = {} }: BeginOptions): ActiveSpan {
      return active(tracer, tracer.startSpan(name, { attributes: clean(attributes) }, contextOf(parent)));
    },
    async close(): Promise<void> {
      const late = new Promise<void>((resolve) => setTimeout(resolve, closeMs).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}
