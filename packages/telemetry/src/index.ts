export { createLogger, type LogFields, type Logger, type LoggerOptions, silentLogger } from './logger.ts';
export {
  type Counter,
  createMetrics,
  type Gauge,
  type Histogram,
  type Labels,
  type MetricOptions,
  type Metrics,
  serveMetrics,
} from './metrics.ts';
export { type OtlpParameters, otlpSettings, parsePairs } from './otlp-settings.ts';
export {
  type ActiveSpan,
  type BeginOptions,
  createTracing,
  noTracing,
  type OtlpSettings,
  type SpanAttributes,
  type Tracing,
  traced,
  traceparent,
} from './tracing.ts';
