import type { Labels, Metrics } from '@plumbline/telemetry';

/** What a series is about, and the Kubernetes labels of it. */
export interface Labelled {
  of: Labels;
  labels: Readonly<Record<string, string>>;
}

export interface LabelGaugeOptions {
  name: string;
  help: string;
  /** Labels that every series has. */
  fixed: readonly string[];
  series(): Iterable<Labelled>;
}

/** As Argo CD names labels in metrics: `team.example/name` is `label_team_example_name`. */
export function metricLabel(name: string): string {
  return `label_${name.replace(/[^a-zA-Z0-9_]/g, '_')}`;
}

/** A gauge that shows chosen Kubernetes labels; with none chosen there is no such metric (reference §13.1). */
export function createLabelGauge(metrics: Metrics, { name, help, fixed, series }: LabelGaugeOptions) {
  let shown = '';
  return {
    /** Chooses the labels. */
    show(labels: readonly string[]): void {
      const wanted = JSON.stringify(labels);
      if (shown === wanted) return;
      shown = wanted;
      metrics.remove(name);
      if (labels.length === 0) return;
      metrics.gauge({
        name,
        help,
        labels: [...fixed, ...new Set(labels.map(metricLabel))],
        collect: (gauge) => {
          gauge.reset();
          for (const one of series()) {
            const values = labels.map((label) => [metricLabel(label), one.labels[label] ?? '']);
            gauge.set({ ...one.of, ...Object.fromEntries(values) }, 1);
          }
        },
      });
    },
  };
}
