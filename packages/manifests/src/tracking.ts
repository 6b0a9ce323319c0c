import { annotations } from '@plumbline/apis/constants';
import { annotation, label } from './metadata.ts';
import { groupOf } from './resource-key.ts';
import type { KubeObject } from './types.ts';

/** How an object says which Application it belongs to (reference §3.5). */
export interface TrackingOptions {
  method: 'annotation' | 'label' | 'annotation+label';
  /** The label of the methods with a label. */
  instanceLabelKey: string;
  /** Tells several installations on one cluster apart: objects of another one are untracked. */
  installationId?: string | undefined;
}

/** The longest value of a label. */
const maxLabelLength = 63;

/** What an Application is called in tracking: its name, or `<namespace>_<name>` outside the control-plane namespace. */
export function trackingName(application: { appNamespace: string; appName: string; controlNamespace: string }): string {
  const { appNamespace, appName, controlNamespace } = application;
  return appNamespace === '' || appNamespace === controlNamespace ? appName : `${appNamespace}_${appName}`;
}

/**
 * The tracking id `<app>:<group>/<kind>:<namespace>/<name>`.
 *
 * @param namespace the Application's destination namespace: stands in where the object has none.
 */
export function trackingId(name: string, object: KubeObject, namespace: string): string {
  const { metadata, kind } = object;
  return `${name}:${groupOf(object)}/${kind}:${metadata.namespace || namespace}/${metadata.name ?? ''}`;
}

/** The parts of a tracking id; undefined where it is malformed. */
function parseTrackingId(id: string) {
  const match = /^([^:]+):([^:/]*)\/([^:/]+):([^/]*)\/([^/]*)$/.exec(id);
  if (!match) return undefined;
  const [, application = '', group = '', kind = '', namespace = '', name = ''] = match;
  return { application, group, kind, namespace, name };
}

function isCustomResourceDefinition(object: KubeObject): boolean {
  return object.kind === 'CustomResourceDefinition' && groupOf(object) === 'apiextensions.k8s.io';
}

function withAnnotations(object: KubeObject, application: string, options: TrackingOptions & { namespace: string }) {
  const { [annotations.installationId]: _old, ...others } = object.metadata.annotations ?? {};
  return {
    ...others,
    ...(options.installationId ? { [annotations.installationId]: options.installationId } : {}),
    [annotations.trackingId]: trackingId(application, object, options.namespace),
  };
}

/** A value that fits a label: 63 characters at most, ending in a letter or digit. */
function truncatedLabel(value: string): string {
  return value.length <= maxLabelLength ? value : value.slice(0, maxLabelLength).replace(/[^A-Za-z0-9]+$/, '');
}

/**
 * A copy of a target object that says which Application it belongs to. CustomResourceDefinitions are returned as they
 * are: they never carry tracking. With the method `label` a name of more than 63 characters is not shortened, and the
 * API server refuses it.
 *
 * @param options.application the name from {@link trackingName}.
 * @param options.namespace the Application's destination namespace.
 */
export function withTracking(
  object: KubeObject,
  options: TrackingOptions & { application: string; namespace: string },
): KubeObject {
  if (isCustomResourceDefinition(object)) return object;
  const { metadata } = object;
  const { application, instanceLabelKey, method } = options;
  const labelled = (value: string) => ({ ...metadata.labels, [instanceLabelKey]: value });
  switch (method) {
    case 'annotation':
      return { ...object, metadata: { ...metadata, annotations: withAnnotations(object, application, options) } };
    case 'label':
      return { ...object, metadata: { ...metadata, labels: labelled(application) } };
    case 'annotation+label': {
      const labels = labelled(truncatedLabel(application));
      return {
        ...object,
        metadata: { ...metadata, annotations: withAnnotations(object, application, options), labels },
      };
    }
  }
}

function refersTo(object: KubeObject, id: NonNullable<ReturnType<typeof parseTrackingId>>): boolean {
  const { name = '', namespace = '' } = object.metadata;
  return (
    id.kind === object.kind &&
    id.group === groupOf(object) &&
    id.name === name &&
    (namespace === '' || id.namespace === namespace)
  );
}

/**
 * The Application (by {@link trackingName}) that a live object belongs to; undefined where it is untracked. A tracking
 * id that is malformed, of another installation, or of another object (copied along with its annotations) does not
 * count; a cluster-scoped object may carry any namespace in it.
 */
export function trackedApplication(object: KubeObject, options: TrackingOptions): string | undefined {
  if (options.method === 'label') return label(object, options.instanceLabelKey) || undefined;
  const text = annotation(object, annotations.trackingId);
  if (!text) return undefined;
  if (options.installationId && annotation(object, annotations.installationId) !== options.installationId)
    return undefined;
  const id = parseTrackingId(text);
  return id && refersTo(object, id) ? id.application : undefined;
}
