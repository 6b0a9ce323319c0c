import type { KubeObject } from '@plumbline/manifests';
import type { LiveNode } from '../types.ts';
import { fields, text } from './fields.ts';
import { podCounts, podReason } from './pod-status.ts';

type Info = LiveNode['info'];

const none: Info = [];

function podInfo(pod: KubeObject): Info {
  const { ready, total, restarts } = podCounts(pod);
  const node = text(fields(pod['spec'])['nodeName']);
  return [
    { name: 'Status Reason', value: podReason(pod, Boolean(pod.metadata.deletionTimestamp)) },
    ...(node ? [{ name: 'Node', value: node }] : []),
    { name: 'Containers', value: `${ready}/${total}` },
    ...(restarts > 0 ? [{ name: 'Restart Count', value: String(restarts) }] : []),
  ];
}

function revisionInfo(revision: unknown): Info {
  return revision === undefined || revision === '' ? none : [{ name: 'Revision', value: `Rev:${String(revision)}` }];
}

/** What the resource tree says of an object beside health and images, in Argo CD's words. */
export function nodeInfo(group: string, object: KubeObject): Info {
  switch (`${group}/${object.kind}`) {
    case '/Pod':
      return podInfo(object);
    case 'apps/Deployment':
    case 'apps/ReplicaSet':
      return revisionInfo(object.metadata.annotations?.['deployment.kubernetes.io/revision']);
    case 'apps/ControllerRevision':
      return revisionInfo(object['revision']);
    default:
      return none;
  }
}
