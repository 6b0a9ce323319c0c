/** What the metrics of the controller tell besides (reference §10.3, `controller.metrics.*`). */
export interface ControllerMetricsSettings {
  /** Labels of Applications in `argocd_app_labels`. */
  applicationLabels: readonly string[];
  /** Types in `argocd_app_condition`; empty is all. */
  applicationConditions: readonly string[];
  /** Labels of cluster Secrets in `argocd_cluster_labels`. */
  clusterLabels: readonly string[];
  /** Counters of Applications begin anew after this time, ms; 0 is never. */
  expirationMs: number;
}

/** Where traces go (reference §10.3, `otlp.*`); read when a process starts. */
export interface TraceSettings {
  /** '' is nowhere. */
  address: string;
  insecure: boolean;
  headers: Readonly<Record<string, string>>;
  attributes: Readonly<Record<string, string>>;
  sampleRatio: number;
}
