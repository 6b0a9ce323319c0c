import { annotations } from '@plumbline/apis';
import { annotation, type KubeObject, label, type TrackingOptions } from '@plumbline/manifests';

/** The longest value of a label: longer names of Applications are shortened in it. */
const maxLabelLength = 63;

/**
 * The live object as it is compared: one that carries the Application's instance label, which the target does not, comes from
 * tracking by label. The annotation that is yet to come is no difference (reference §3.5), nor is the label that is to go.
 * The object itself where there is nothing of that; else the next sync writes it.
 */
export function backFilled(
  live: KubeObject,
  target: KubeObject,
  { application, tracking }: { application: string; tracking: TrackingOptions | undefined },
): KubeObject {
  const wanted = annotation(target, annotations.trackingId);
  const id = annotation(live, annotations.trackingId);
  if (!tracking || !wanted || (id !== undefined && id !== wanted)) return live;
  const owner = label(live, tracking.instanceLabelKey);
  if (owner === undefined || owner !== shortened(application)) return live;
  const filled = { ...live.metadata.annotations, [annotations.trackingId]: wanted };
  const { [tracking.instanceLabelKey]: _owner, ...others } = live.metadata.labels ?? {};
  const { labels: before, ...metadata } = live.metadata;
  const keepsLabel = label(target, tracking.instanceLabelKey) !== undefined;
  if (id !== undefined && keepsLabel) return live;
  const labels = keepsLabel ? before : others;
  const isLabelled = Object.keys(labels ?? {}).length > 0;
  return { ...live, metadata: { ...metadata, annotations: filled, ...(isLabelled ? { labels } : {}) } };
}

function shortened(name: string): string {
  return name.length <= maxLabelLength ? name : name.slice(0, maxLabelLength).replace(/[^A-Za-z0-9]+$/, '');
}
