import { annotations, applicationGroup } from '@plumbline/apis';
import type { KubeObject } from '@plumbline/manifests';
import { fields, text } from '../fields.ts';
import type { LiveNode } from '../types.ts';
import { hasEnded, podRequests } from './pod-requests.ts';
import { podCounts, podReason } from './pod-status.ts';

type Info = LiveNode['info'];

const none: Info = [];
const revisionAnnotations = ['deployment.kubernetes.io/revision', 'rollout.argoproj.io/revision'];

/** What is requested for a Pod that has not ended, in milli-units, as `resource-tree` of Argo CD tells it. */
function requestInfo(pod: KubeObject): Info {
  if (hasEnded(pod)) return none;
  const requests = podRequests(pod);
  const milli = (value: number) => String(Math.round(value * 1000));
  return [
    { name: 'cpu', value: milli(requests.cpu) },
    { name: 'memory', value: milli(requests.memory) },
  ];
}

function podInfo(pod: KubeObject): Info {
  const { ready, total, restarts } = podCounts(pod);
  const node = text(fields(pod['spec'])['nodeName']);
  return [
    { name: 'Status Reason', value: podReason(pod, Boolean(pod.metadata.deletionTimestamp)) },
    ...(node ? [{ name: 'Node', value: node }] : []),
    { name: 'Containers', value: `${ready}/${total}` },
    ...(restarts > 0 ? [{ name: 'Restart Count', value: String(restarts) }] : []),
    ...requestInfo(pod),
  ];
}

/** The revision of a rollout: by annotation, or of a ControllerRevision. */
function revisionInfo({ metadata, revision }: KubeObject): Info {
  const noted = revisionAnnotations.map((name) => metadata.annotations?.[name]).find((value) => value !== undefined);
  const number = noted === undefined && typeof revision === 'number' ? revision : Number.parseInt(noted ?? '', 10);
  return number > 0 ? [{ name: 'Revision', value: `Rev:${number}` }] : none;
}

function labelInfo({ metadata }: KubeObject, names: readonly string[]): Info {
  return names.flatMap((name) => {
    const value = metadata.labels?.[name];
    return value === undefined ? none : [{ name, value }];
  });
}

function kindInfo(group: string, object: KubeObject): Info {
  switch (`${group}/${object.kind}`) {
    case '/Pod':
      return podInfo(object);
    case `${applicationGroup}/Application`: {
      const url = object.metadata.annotations?.[annotations.managedByUrl];
      return url ? [{ name: 'managed-by-url', value: url }] : none;
    }
    default:
      return none;
  }
}

/**
 * What the resource tree says of an object beside health and images, in Argo CD's words; `labels` are those that the tree
 * shows (`resource.customLabels`).
 */
export function nodeInfo(group: string, object: KubeObject, labels: readonly string[] = []): Info {
  const parts = [revisionInfo(object), labelInfo(object, labels), kindInfo(group, object)];
  const filled = parts.filter(({ length }) => length > 0);
  return filled.length === 0 ? none : filled.flat();
}
