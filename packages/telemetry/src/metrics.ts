import type { AddressInfo } from 'node:net';
import * as prom from 'prom-client';

// An import statement would load everything that the module exports lazily, a WebSocket client among it: 13 MB.
const { createServer } = process.getBuiltinModule('node:http');

export type Labels = Record<string, string>;

export interface Counter {
  inc(labels?: Labels, by?: number): void;
  /** Takes out every series that has all of these labels: what they are about is gone. */
  forget(labels: Labels): void;
  reset(): void;
}
export interface Gauge {
  set(labels: Labels, value: number): void;
  remove(labels: Labels): void;
  reset(): void;
}
export interface Histogram {
  observe(labels: Labels, value: number): void;
}
export interface MetricOptions {
  name: string;
  help: string;
  labels?: string[];
}

/** Creates and exposes metrics; asking twice for one name gives the same metric. */
export interface Metrics {
  counter(options: MetricOptions): Counter;
  /** `collect` runs before each scrape and may set values. */
  gauge(options: MetricOptions & { collect?: (gauge: Gauge) => void }): Gauge;
  histogram(options: MetricOptions & { buckets?: number[] }): Histogram;
  /** Takes a metric out, so that it can be made anew with other labels. */
  remove(name: string): void;
  /** Prometheus text format. */
  text(): Promise<string>;
}

function gaugeOf(metric: prom.Gauge): Gauge {
  return {
    set: (labels, value) => metric.set(labels, value),
    remove: (labels) => metric.remove(labels),
    reset: () => metric.reset(),
  };
}

function counterOf(metric: prom.Counter): Counter {
  return {
    inc: (values: Labels = {}, by = 1) => metric.inc(values, by),
    forget: (gone) => {
      const entries = Object.entries(gone);
      void metric.get().then(({ values }) => {
        for (const { labels } of values) {
          if (entries.every(([name, value]) => labels[name] === value)) metric.remove(labels);
        }
      });
    },
    reset: () => metric.reset(),
  };
}

type Options<K extends 'counter' | 'gauge' | 'histogram'> = Parameters<Metrics[K]>[0];

function newCounter(registry: prom.Registry, { name, help, labels = [] }: Options<'counter'>): Counter {
  return counterOf(new prom.Counter({ name, help, labelNames: labels, registers: [registry] }));
}

function newGauge(registry: prom.Registry, { name, help, labels = [], collect }: Options<'gauge'>): Gauge {
  const metric: prom.Gauge = new prom.Gauge({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    collect: () => collect?.(gaugeOf(metric)),
  });
  return gaugeOf(metric);
}

function newHistogram(registry: prom.Registry, { name, help, labels = [], buckets }: Options<'histogram'>): Histogram {
  const metric = new prom.Histogram({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    ...(buckets ? { buckets } : {}),
  });
  return { observe: (values: Labels, value: number) => metric.observe(values, value) };
}

/** A registry of its own by prom-client, with the process metrics. */
export function createMetrics(options: { processMetrics?: boolean } = {}): Metrics {
  const registry = new prom.Registry();
  if (options.processMetrics ?? true) prom.collectDefaultMetrics({ register: registry });
  const made = new Map<string, unknown>();
  const once = <T>(name: string, make: () => T): T => {
    const known = made.get(name) as T | undefined;
    if (known) return known;
    const metric = make();
    made.set(name, metric);
    return metric;
  };
  return {
    counter: (metric) => once(metric.name, () => newCounter(registry, metric)),
    gauge: (metric) => once(metric.name, () => newGauge(registry, metric)),
    histogram: (metric) => once(metric.name, () => newHistogram(registry, metric)),
    remove: (name) => {
      registry.removeSingleMetric(name);
      made.delete(name);
    },
    text: () => registry.metrics(),
  };
}

/** Serves `/metrics` and `/healthz`. Port 0 takes a free one. */
export async function serveMetrics(
  metrics: Metrics,
  options: { host?: string; port?: number } = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.url === '/healthz') {
      response.end('ok');
      return;
    }
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host ?? '127.0.0.1'}:${port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
