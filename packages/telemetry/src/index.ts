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
