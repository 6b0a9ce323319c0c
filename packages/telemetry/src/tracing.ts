import { AsyncLocalStorage } from 'node:async_hooks';

/** What a span is about. Texts are redacted before they leave the process. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A part of a trace that has begun. */
export interface ActiveSpan {
  /** As the W3C header of the name has it. */
  readonly traceparent: string;
  child(name: string, attributes: SpanAttributes): ActiveSpan;
  /** With the error that it failed with. */
  end(error?: unknown): void;
}

export interface BeginOptions {
  /** Of whoever asked for it, from another process or time; what is no traceparent begins a trace. */
  parent?: string | undefined;
  attributes?: SpanAttributes;
}

/** Begins traces, or takes part in those of others. */
export interface Tracing {
  /** Runs something as a span. Inside, {@link traced} makes spans below it. */
  begin<T>(name: string, options: BeginOptions, run: () => Promise<T>): Promise<T>;
  /** Sends what is not sent yet. */
  close(): Promise<void>;
}

/** Where traces go, by OTLP over HTTP. */
export interface OtlpSettings {
  /** URL that spans are posted to. */
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Of everything that this process sends. */
  attributes: Readonly<Record<string, string>>;
  /** Part of the traces that is kept, 0 to 1; those that others have begun are kept as they say. */
  sampleRatio: number;
}

const spans = new AsyncLocalStorage<ActiveSpan>();

async function within<T>(span: ActiveSpan, run: () => Promise<T>): Promise<T> {
  try {
    const value = await spans.run(span, run);
    span.end();
    return value;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

/** Runs something as a part of the span that runs now; where none does, it is just run. */
export function traced<T>(name: string, attributes: SpanAttributes, run: () => Promise<T>): Promise<T> {
  const current = spans.getStore();
  return current ? within(current.child(name, attributes), run) : run();
}

/** What hands the span that runs now on to another process, or to later; undefined where none runs. */
export function traceparent(): string | undefined {
  return spans.getStore()?.traceparent;
}

/** Traces nothing. */
export const noTracing: Tracing = {
  begin: (_name, _options, run) => run(),
  close: async () => {},
};

/** Tracing by OpenTelemetry, whose code is loaded only here; without a place to send to, none. */
export async function createTracing(service: string, otlp: OtlpSettings | undefined): Promise<Tracing> {
  if (!otlp) return noTracing;
  const { createOtlpTracer } = await import('./otlp-tracer.ts');
  const tracer = createOtlpTracer(service, otlp);
  return {
    begin: (name, options, run) => within(tracer.begin(name, options), run),
    close: () => tracer.close(),
  };
}
